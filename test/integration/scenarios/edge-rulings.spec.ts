import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { In, MoreThan, type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import { describeOn } from '../../databases.js';
import { dataLoader } from './healthy/data-loader.js';
import { ObservedUnits } from './observed-units.js';
import {
  AuditEntry,
  Booking,
  Coupon,
  Course,
  Customer,
  Employee,
  Item,
  Leg,
  Product,
  Pupil,
  Purchase,
  Review,
  Section,
  Setting,
  Shelf,
  Tag,
  Warehouse,
  shopEntities,
} from './shop.entities.js';
import { insertShop } from './shop-rows.js';

/** The sentences of RULINGS.md under "n-plus-one" and "Edge rulings" that name what fires. */
describe('edge rulings', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    const find = (work: () => Promise<unknown>) => units.findings(work);
    const of = <T extends ObjectLiteral>(entity: EntityTarget<T>) => dataSource.getRepository(entity);
    const quoted = (name: string) => `"${name}"`;
    const mark = (index: number) => (database.dialect === 'postgres' ? `$${index}` : '?');
    /** Before each statement, as row-level security wants it. */
    const setTenant = (tenant: string) =>
      database.dialect === 'postgres'
        ? dataSource.query(`SELECT set_config('app.tenant', $1, false)`, [tenant])
        : Promise.resolve();

    beforeAll(async () => {
      dataSource = await database.open({ entities: shopEntities });
      await insertShop(dataSource);
      units = new ObservedUnits(dataSource);
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    describe('parents', () => {
      it('takes raw rows as a list, named by the foreign key', async () => {
        const found = await find(async () => {
          const rows = await dataSource.query<{ customerId: number }[]>(
            `SELECT id, ${quoted('customerId')} FROM purchase`,
          );
          for (const { customerId } of rows) await of(Customer).findOneBy({ id: customerId });
        });
        expect(found).toEqual(['n-plus-one Purchase.customer']);
      });

      it('takes rows of a query builder as a list', async () => {
        const found = await find(async () => {
          const rows = await of(Product)
            .createQueryBuilder('p')
            .select('p.id', 'key')
            .getRawMany<{ key: number }>();
          for (const { key } of rows) await of(Review).findBy({ productId: key });
        });
        expect(found).toEqual(['n-plus-one Product.reviews']);
      });

      it('takes raw statements as loops, too', async () => {
        const found = await find(async () => {
          const rows = await dataSource.query<{ id: number }[]>('SELECT id, title FROM product');
          for (const { id } of rows)
            await dataSource.query(
              `SELECT * FROM review WHERE ${quoted('productId')} = ${mark(1)} AND stars > ${mark(2)}`,
              [id, 1],
            );
        });
        expect(found).toEqual(['n-plus-one Product.reviews']);
      });

      it('calls the second level one level deep', async () => {
        const { findings } = await units.run(async () => {
          for (const customer of await of(Customer).find())
            for (const purchase of await of(Purchase).findBy({ customerId: customer.id }))
              await of(Item).findBy({ purchaseId: purchase.id });
        });
        expect(findings.map(({ relation, evidence }) => [relation, evidence.facts['depth']])).toEqual([
          ['Customer.purchases', 0],
          ['Purchase.items', 1],
        ]);
      });

      it('goes on with parents that came one by one', async () => {
        const found = await find(async () => {
          for (const { purchaseId } of await of(Item).find({ take: 8, order: { purchaseId: 'ASC' } })) {
            const purchase = await of(Purchase).findOneByOrFail({ id: purchaseId });
            await of(Customer).findOneByOrFail({ id: purchase.customerId });
          }
        });
        expect(found).toEqual(['n-plus-one Item.purchase', 'n-plus-one Purchase.customer']);
      });
    });

    describe('keys', () => {
      it('stays silent for a loop over ids that came with the request', async () => {
        const body = { ids: [1, 2, 3, 4, 5, 6] };
        const found = await find(async () => {
          for (const id of body.ids) await of(Customer).findOneBy({ id });
        });
        expect(found).toEqual([]);
      });

      it('takes the ids of the request for a list once the database was asked for them', async () => {
        const body = { ids: [1, 2, 3, 4, 5, 6] };
        const found = await find(async () => {
          const known = await of(Customer).find({ where: { id: In(body.ids) }, select: { id: true } });
          for (const { id } of known) await of(Customer).findOneBy({ id });
        });
        expect(found).toEqual(['n-plus-one Customer by id']);
      });

      it('knows a key of two columns', async () => {
        const found = await find(async () => {
          for (const { tenant, no } of await of(Booking).find())
            await of(Leg).findBy({ tenant, bookingNo: no });
        });
        expect(found).toEqual(['n-plus-one Booking.legs']);
      });

      it('knows a key of two columns from the other side', async () => {
        const found = await find(async () => {
          for (const { tenant, bookingNo } of await of(Leg).find())
            await of(Booking).findOneBy({ tenant, no: bookingNo });
        });
        expect(found).toEqual(['n-plus-one Leg.booking']);
      });

      it('knows both sides of a relation to its own table', async () => {
        const up = await find(async () => {
          for (const { managerId } of await of(Employee).find())
            if (managerId !== null) await of(Employee).findOneBy({ id: managerId });
        });
        expect(up).toEqual(['n-plus-one Employee.manager']);
        const down = await find(async () => {
          for (const { id } of await of(Employee).find()) await of(Employee).findBy({ managerId: id });
        });
        expect(down).toEqual(['n-plus-one Employee.reports']);
      });

      it('knows names that differ from the properties', async () => {
        const down = await find(async () => {
          for (const { id } of await of(Warehouse).find()) await of(Shelf).findBy({ warehouseId: id });
        });
        expect(down).toEqual(['n-plus-one Warehouse.shelves']);
        const up = await find(async () => {
          for (const { warehouseId } of await of(Shelf).find())
            await of(Warehouse).findOneBy({ id: warehouseId });
        });
        expect(up).toEqual(['n-plus-one Shelf.warehouse']);
      });

      it('says how many different keys there were', async () => {
        const { findings } = await units.run(async () => {
          for (const { couponId } of await of(Purchase).find())
            if (couponId !== null) await of(Coupon).findOneBy({ id: couponId });
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Purchase.coupon',
        ]);
        expect(findings[0]?.evidence.text).toContain('6 statements, 2 distinct keys');
      });

      it('names the column where the lookup is by an ordinary one', async () => {
        const found = await find(async () => {
          for (const { name } of await of(Employee).find()) await of(Customer).findBy({ name });
        });
        expect(found).toEqual(['n-plus-one Customer by name']);
      });

      it('names the property path of an embedded column', async () => {
        const found = await find(async () => {
          for (const { address } of await of(Customer).find())
            await of(Customer).findBy({ address: { city: address.city } });
        });
        expect(found).toEqual(['n-plus-one Customer by address.city']);
      });

      it('counts every statement of a long loop', async () => {
        const { findings } = await units.run(async () => {
          const reviews = await of(Review).find();
          for (let round = 0; round < 3; round++)
            for (const { id } of reviews) await of(Review).findOneBy({ id });
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Review by id',
        ]);
        expect(findings[0]?.cost.statements).toBe(72);
      });
    });

    describe('many-to-many', () => {
      it('names the relation when its join is walked by hand', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Product).find())
            await of(Tag)
              .createQueryBuilder('tag')
              .innerJoin('tag.products', 'product')
              .where('product.id = :id', { id })
              .getMany();
        });
        expect(found).toEqual(['n-plus-one Product.tags']);
      });

      it('names it for find by the other side', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Product).find()) await of(Tag).find({ where: { products: { id } } });
        });
        expect(found).toEqual(['n-plus-one Product.tags']);
      });

      it('names it for raw SQL on the junction table', async () => {
        const junction = dataSource.getMetadata(Product).findRelationWithPropertyPath('tags')
          ?.junctionEntityMetadata?.tableName;
        const found = await find(async () => {
          for (const { id } of await of(Product).find())
            await dataSource.query(
              `SELECT t.* FROM tag t JOIN ${junction} pt ON pt.${quoted('tagId')} = t.id WHERE pt.${quoted('productId')} = ${mark(1)}`,
              [id],
            );
        });
        expect(found).toEqual(['n-plus-one Product.tags']);
      });

      it('names the outer relation where it goes through an entity', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Course).find())
            await of(Pupil)
              .createQueryBuilder('pupil')
              .innerJoin('pupil.enrolments', 'e')
              .where('e.courseId = :id', { id })
              .getMany();
        });
        expect(found).toEqual(['n-plus-one Course.enrolments']);
      });
    });

    describe('what a relation is not called', () => {
      it('rows that hang on its children: they are looked up by a column', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Purchase).find())
            await of(Tag)
              .createQueryBuilder('tag')
              .innerJoin('tag.products', 'product')
              .innerJoin(Item, 'item', 'item.productId = product.id')
              .where('item.purchaseId = :id', { id })
              .getMany();
        });
        expect(found).toEqual(['n-plus-one Tag by purchaseId']);
      });

      it('an entity of the list that is read again by its id, whatever was joined to it', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Customer).find({ relations: { purchases: true } }))
            await of(Customer).findOne({ where: { id }, relations: { purchases: { items: true } } });
        });
        expect(found).toEqual(['n-plus-one Customer by id']);
      });

      it('a double load, where more was read the second time', async () => {
        const found = await find(async () => {
          for (const { customer } of await of(Purchase).find({ relations: { customer: true } }))
            await of(Customer).findOne({ where: { id: customer.id }, relations: { purchases: true } });
        });
        expect(found).toEqual(['n-plus-one Purchase.customer']);
      });
    });

    describe('shapes of a loop', () => {
      it('says what a DataLoader with one key per batch does wrong', async () => {
        const { findings } = await units.run(async () => {
          const load = dataLoader(async (ids: readonly number[]) => {
            const rows = await of(Review).findBy({ productId: In([...ids]) });
            return ids.map((id) => rows.filter(({ productId }) => productId === id));
          });
          for (const { id } of await of(Product).find()) await load(id);
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Product.reviews',
        ]);
        expect(findings[0]?.advice.text).toContain('one key');
      });

      it('advises against loading the relation when one row per parent is wanted', async () => {
        const { findings } = await units.run(async () => {
          for (const { id } of await of(Product).find())
            await of(Review).findOne({ where: { productId: id }, order: { stars: 'DESC' } });
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Product.reviews',
        ]);
        expect(findings[0]?.advice.text).toMatch(/window|lateral/);
      });

      it('does the same for the query builder', async () => {
        const { findings } = await units.run(async () => {
          for (const { id } of await of(Product).find())
            await of(Review)
              .createQueryBuilder('r')
              .where('r.productId = :id', { id })
              .orderBy('r.stars')
              .limit(1)
              .getOne();
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Product.reviews',
        ]);
        expect(findings[0]?.advice.text).toMatch(/window|lateral/);
      });

      it('reports a repeated call with the query strategy once', async () => {
        const { findings } = await units.run(async () => {
          for (const { id } of await of(Product).find({ select: { id: true } })) {
            await of(Product).findOne({
              where: { id },
              relations: { reviews: true, images: true },
              relationLoadStrategy: 'query',
            });
          }
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Product by id',
        ]);
        expect(findings[0]?.evidence.text).toContain('shapes');
      });

      it('reports findTrees once, for information', async () => {
        const { findings } = await units.run(() => dataSource.getTreeRepository(Section).findTrees());
        expect(findings).toMatchObject([{ kind: 'n-plus-one', severity: 'info' }]);
      });

      it('finds it inside of a transaction', async () => {
        const found = await find(() =>
          dataSource.transaction(async (manager) => {
            for (const { id } of await manager.find(Product)) await manager.findBy(Review, { productId: id });
          }),
        );
        expect(found).toEqual(['n-plus-one Product.reviews']);
      });

      it('finds it in a unit that fails', async () => {
        const { findings } = await units.run(async () => {
          for (const { id } of await of(Product).find()) await of(Review).findBy({ productId: id });
          throw new Error('too late');
        });
        expect(units.failure).toEqual(new Error('too late'));
        expect(findings.map(({ kind }) => kind)).toEqual(['n-plus-one']);
      });

      it('makes one finding of the same full loop run twice', async () => {
        const { findings } = await units.run(async () => {
          const products = await of(Product).find();
          for (const { id } of products) await of(Review).findBy({ productId: id });
          for (const { id } of products) await of(Review).findBy({ productId: id });
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'n-plus-one Product.reviews',
        ]);
        expect(findings[0]?.callSites).toHaveLength(2);
        expect(findings[0]?.evidence.text).toContain('16 statements, 8 distinct keys');
      });

      if (database.dialect === 'postgres') {
        it('finds a statement for each row of a stream, and leaves the stream alone', async () => {
          const found = await find(async () => {
            const stream = await of(Product).createQueryBuilder('product').stream();
            for await (const row of stream as AsyncIterable<unknown>)
              await of(Review).findBy({ productId: (row as { product_id: number }).product_id });
          });
          expect(found).toEqual(['n-plus-one Product.reviews']);
        });

        it('stays silent for a stream alone', async () => {
          const found = await find(async () => {
            let rows = 0;
            for await (const _row of (await of(Product)
              .createQueryBuilder('product')
              .stream()) as AsyncIterable<unknown>)
              rows++;
            return rows;
          });
          expect(found).toEqual([]);
        });
      }
    });

    describe('counts', () => {
      it('fires for a filtered count per parent', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Product).find())
            await of(Review).countBy({ productId: id, stars: MoreThan(3) });
        });
        expect(found).toEqual(['count-per-row Product.reviews']);
      });

      it('fires for a raw count per parent', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Product).find())
            await dataSource.query(`SELECT COUNT(*) FROM review WHERE ${quoted('productId')} = ${mark(1)}`, [
              id,
            ]);
        });
        expect(found).toEqual(['count-per-row Product.reviews']);
      });

      it('fires for a count of a many-to-many relation per parent', async () => {
        const found = await find(async () => {
          for (const { id } of await of(Product).find()) await of(Tag).count({ where: { products: { id } } });
        });
        expect(found).toEqual(['count-per-row Product.tags']);
      });

      it('says to count once when every page counts again', async () => {
        const { findings } = await units.run(async () => {
          for (let page = 0; page < 4; page++)
            await of(Product).findAndCount({ order: { id: 'ASC' }, skip: page * 2, take: 2 });
        });
        expect(findings.map(({ kind }) => kind)).toEqual(['duplicate-query']);
        expect(findings[0]?.advice.text).toContain('Count once');
      });
    });

    describe('writes', () => {
      it('fires for updates in a loop, each on its own', async () => {
        const found = await find(async () => {
          for (let id = 1; id <= 6; id++) await of(Product).update({ id }, { stock: id });
        });
        expect(found).toEqual(['save-in-loop Product']);
      });

      it('fires for raw inserts in a loop', async () => {
        const found = await find(async () => {
          for (let n = 0; n < 6; n++)
            await dataSource.query(`INSERT INTO audit_entry (text) VALUES (${mark(1)})`, [`raw ${n}`]);
        });
        expect(found).toEqual(['save-in-loop AuditEntry']);
      });

      it('fires for removals in a loop', async () => {
        const entries = await of(AuditEntry).save(
          Array.from({ length: 6 }, (_, n) => of(AuditEntry).create({ text: `${n}` })),
        );
        const found = await find(async () => {
          for (const entry of entries) await of(AuditEntry).remove(entry);
        });
        expect(found).toEqual(['save-in-loop AuditEntry']);
      });

      it('fires for saves in parallel', async () => {
        const found = await find(() =>
          Promise.all(
            Array.from({ length: 6 }, (_, n) => of(AuditEntry).save(of(AuditEntry).create({ text: `${n}` }))),
          ),
        );
        expect(found).toEqual(
          database.dialect === 'postgres' ? ['save-in-loop AuditEntry'] : expect.anything(),
        );
      });

      it('stays silent for four of them', async () => {
        const found = await find(async () => {
          for (let n = 0; n < 4; n++) await of(AuditEntry).save(of(AuditEntry).create({ text: `${n}` }));
        });
        expect(found).toEqual([]);
      });
    });

    describe('duplicates', () => {
      it('fires for two equal reads', async () => {
        const found = await find(async () => {
          await of(Setting).findOneBy({ name: 'theme' });
          await of(Setting).findOneBy({ name: 'theme' });
        });
        expect(found).toEqual(['duplicate-query']);
      });

      it('fires for two equal reads at once', async () => {
        const found = await find(() =>
          Promise.all([of(Setting).findOneBy({ name: 'theme' }), of(Setting).findOneBy({ name: 'theme' })]),
        );
        expect(found).toEqual(['duplicate-query']);
      });

      it.each<[string, () => Promise<unknown>]>([
        ['a ping', () => dataSource.query('SELECT 1')],
        ['a row deleted that nothing of it refers to', () => of(Review).delete({ id: 1_000_000 })],
        ['the same tenant set again', () => setTenant('north')],
      ])('fires for two equal reads with %s in between', async (_, between) => {
        const found = await find(async () => {
          await setTenant('north');
          await of(Customer).findOneBy({ id: 2 });
          await between();
          await of(Customer).findOneBy({ id: 2 });
        });
        expect(found).toEqual(['duplicate-query']);
      });

      it('does not count a failed statement', async () => {
        const { findings } = await units.run(async () => {
          for (let n = 0; n < 2; n++)
            await dataSource.query('SELECT nothing FROM product').catch(() => undefined);
        });
        expect(findings.map(({ kind }) => kind)).toEqual(['failing-query']);
      });

      it('stays silent about a statement that failed and then worked', async () => {
        const found = await find(async () => {
          await dataSource.query('SELECT * FROM later').catch(() => undefined);
          await dataSource.query('CREATE TABLE later (id int)');
          await dataSource.query('SELECT * FROM later');
          await dataSource.query('DROP TABLE later');
        });
        expect(found).toEqual([]);
      });

      it('stays silent for reads in another unit', async () => {
        for (let n = 0; n < 2; n++) expect(await find(() => of(Setting).find())).toEqual([]);
      });
    });

    describe('joins', () => {
      const wide = () => of(Purchase).createQueryBuilder('p').getMany();

      it('fires for siblings that multiply each other', async () => {
        const product = await of(Product).save(
          of(Product).create({ sku: `wide-${Date.now()}`, title: 'wide' }),
        );
        await of(Review).insert(
          Array.from({ length: 8 }, (_, n) => ({ stars: 1, text: `${n}`, productId: product.id })),
        );
        await dataSource
          .createQueryBuilder()
          .insert()
          .into('image')
          .values(Array.from({ length: 8 }, (_, n) => ({ url: `${n}`, productId: product.id })))
          .execute();
        const { findings } = await units.run(async () => {
          await of(Product).find({ where: { id: product.id }, relations: { reviews: true, images: true } });
          await wide();
        });
        expect(findings.map(({ kind, relation }) => `${kind} ${relation}`)).toEqual([
          'cartesian-product Product.reviews',
        ]);
        expect(findings[0]?.advice.code).toContain("relationLoadStrategy: 'query'");
        const filtered = await units.run(() =>
          of(Product)
            .createQueryBuilder('product')
            .leftJoinAndSelect('product.reviews', 'review')
            .leftJoin('product.images', 'image')
            .where('image.url IS NOT NULL AND product.id = :id', { id: product.id })
            .getMany(),
        );
        expect(filtered.findings.map(({ kind }) => kind)).toEqual(['cartesian-product']);
        expect(filtered.findings[0]?.advice.text).toContain('EXISTS');
        await of(Product).update({ id: product.id }, { title: 'still wide' });
      });

      it('names the shallowest relation that limit() cuts, and lists the rest', async () => {
        const { findings } = await units.run(() =>
          of(Customer)
            .createQueryBuilder('c')
            .leftJoinAndSelect('c.purchases', 'p')
            .leftJoinAndSelect('p.items', 'i')
            .limit(3)
            .getMany(),
        );
        expect(findings).toMatchObject([
          { kind: 'truncated-relation', relation: 'Customer.purchases', severity: 'error' },
        ]);
        expect(findings[0]?.evidence.text).toContain('Purchase.items');
      });
    });
  });
});
