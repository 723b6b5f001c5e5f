import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { In, type DataSource, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { AnalysedUnit } from '../../../lib/analysis/detector.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { loadingStrategies } from '../../../lib/report/loading-strategies.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from './observed-units.js';
import {
  AuditEntry,
  Coupon,
  Course,
  Customer,
  Enrolment,
  Item,
  Image,
  Product,
  Pupil,
  Purchase,
  Review,
  Tag,
  shopEntities,
} from './shop.entities.js';
import { insertShop } from './shop-rows.js';

/**
 * Advice must end the matter: what it says to write is written here, literally, and the next run gives no finding and the
 * expected number of statements.
 */
describe('advice', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    const of = <T extends ObjectLiteral>(entity: EntityTarget<T>) => dataSource.getRepository(entity);

    beforeAll(async () => {
      dataSource = await database.open({ entities: shopEntities });
      await insertShop(dataSource);
      units = new ObservedUnits(dataSource);
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    const sole = async (work: () => Promise<unknown>): Promise<Finding> => {
      const { analysed, findings } = await units.run(work);
      expect(units.failure).toBeUndefined();
      expect(findings).toHaveLength(1);
      const [found] = findings as [Finding];
      if (found.kind === 'n-plus-one') expect(verdictCodeOf(analysed, found)).toBe(withoutSecondWay(found));
      return found;
    };

    /** Runs code as the advice writes it; `names` are the variables it mentions. */
    const follow = async (
      code: string,
      names: Readonly<Record<string, unknown>>,
      statements: number,
    ): Promise<unknown> => {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the advice is code: running it is the test
      const body = new Function(...Object.keys(names), `return (${code})`) as (
        ...values: unknown[]
      ) => Promise<unknown>;
      let result: unknown;
      const { findings, analysed } = await units.run(
        async () => {
          result = await body(...Object.values(names));
        },
        { minRepeats: 2 },
      );
      expect(units.failure).toBeUndefined();
      expect(findings).toEqual([]);
      expect(analysed.queries.filter(({ statement }) => statement.kind !== 'transaction').length).toBe(
        statements,
      );
      return result;
    };

    it('a relation read by hand: joined with the list', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Review).findBy({ productId: id });
      });
      const [joined = '', , beside = ''] = advice.code?.split('\n') ?? [];
      expect(joined).toBe('productRepository.find({ relations: { reviews: true } })');
      const products = await follow(joined, { productRepository: of(Product) }, 1);
      expect((products as Product[])[0]?.reviews).toHaveLength(3);
      expect(beside).toBe('reviewRepository.findBy({ productId: In(ids) })');
      await follow(beside, { reviewRepository: of(Review), In, ids: [1, 2, 3] }, 1);
    });

    it('a large collection: a statement of its own', async () => {
      const product = await of(Product).save(of(Product).create({ sku: 'large', title: 'large' }));
      const other = await of(Product).save(of(Product).create({ sku: 'larger', title: 'larger' }));
      const third = await of(Product).save(of(Product).create({ sku: 'largest', title: 'largest' }));
      const ids = [product, other, third].map(({ id }) => id);
      await of(Review).insert(
        ids.flatMap((productId) => Array.from({ length: 12 }, () => ({ stars: 1, text: '', productId }))),
      );
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).findBy({ id: In(ids) }))
          await of(Review).findBy({ productId: id });
      });
      const [code = ''] = advice.code?.split('\n') ?? [];
      expect(code).toBe(
        "productRepository.find({ relations: { reviews: true }, relationLoadStrategy: 'query' })",
      );
      await follow(code, { productRepository: of(Product) }, 3);
      await of(Review).delete({ productId: In(ids) });
      await of(Product).delete({ id: In(ids) });
    });

    it('a lookup by id: the relation of the list, or all keys at once', async () => {
      const { advice } = await sole(async () => {
        for (const { customerId } of await of(Purchase).find())
          await of(Customer).findOneBy({ id: customerId });
      });
      const [joined = '', , beside = ''] = advice.code?.split('\n') ?? [];
      expect(joined).toBe('purchaseRepository.find({ relations: { customer: true } })');
      await follow(joined, { purchaseRepository: of(Purchase) }, 1);
      expect(beside).toBe('customerRepository.findBy({ id: In(customerIds) })');
      await follow(beside, { customerRepository: of(Customer), In, customerIds: [1, 2, 3] }, 1);
    });

    it('a lookup for raw rows: all keys at once', async () => {
      const { advice } = await sole(async () => {
        const rows = await dataSource.query<{ customerId: number }[]>(
          'SELECT id, "customerId" FROM purchase',
        );
        for (const { customerId } of rows) await of(Customer).findOneBy({ id: customerId });
      });
      expect(advice.code).toBe('customerRepository.findBy({ id: In(customerIds) })');
    });

    it('a second level: the path from the first list', async () => {
      const { advice } = await sole(async () => {
        for (const { purchases } of await of(Customer).find({ relations: { purchases: true } }))
          for (const { couponId } of purchases)
            if (couponId !== null) await of(Coupon).findOneBy({ id: couponId });
      });
      const [code = ''] = advice.code?.split('\n') ?? [];
      expect(code).toBe('customerRepository.find({ relations: { purchases: { coupon: true } } })');
      await follow(code, { customerRepository: of(Customer) }, 1);
    });

    it('two levels by hand: one path each', async () => {
      const { findings } = await units.run(async () => {
        for (const { id } of await of(Course).find())
          for (const { pupilId } of await of(Enrolment).findBy({ courseId: id }))
            await of(Pupil).findOneBy({ id: pupilId });
      });
      expect(findings.map(({ advice }) => advice.code?.split('\n')[0])).toEqual([
        'courseRepository.find({ relations: { enrolments: true } })',
        'courseRepository.find({ relations: { enrolments: { pupil: true } } })',
      ]);
      await follow(findings[1]?.advice.code?.split('\n')[0] ?? '', { courseRepository: of(Course) }, 1);
    });

    it('rows one relation further: the path leads to them', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Course).find())
          await of(Pupil)
            .createQueryBuilder('pupil')
            .innerJoin('pupil.enrolments', 'e')
            .where('e.courseId = :id', { id })
            .getMany();
      });
      const [code = '', , beside = ''] = advice.code?.split('\n') ?? [];
      expect(code).toBe('courseRepository.find({ relations: { enrolments: { pupil: true } } })');
      const courses = await follow(code, { courseRepository: of(Course) }, 1);
      expect((courses as Course[])[0]?.enrolments[0]?.pupil.name).toBe('pupil 1');
      expect(beside).toBe(
        'enrolmentRepository.find({ where: { courseId: In(ids) }, relations: { pupil: true } })',
      );
      await follow(beside, { enrolmentRepository: of(Enrolment), In, ids: [1, 2] }, 1);
    });

    it('a lookup that loads relations: they come along', async () => {
      const { advice } = await sole(async () => {
        for (const { productId } of await of(Item).findBy({ line: 1 }))
          await of(Product).findOne({ where: { id: productId }, relations: { images: true } });
      });
      const [code = '', , beside = ''] = advice.code?.split('\n') ?? [];
      expect(code).toBe('itemRepository.find({ relations: { product: { images: true } } })');
      await follow(code, { itemRepository: of(Item) }, 1);
      expect(beside).toBe(
        'productRepository.find({ where: { id: In(productIds) }, relations: { images: true } })',
      );
      await follow(beside, { productRepository: of(Product), In, productIds: [1, 2] }, 1);
    });

    it('a list that loads relations already: they stay, and so does its strategy', async () => {
      const loop = async (options: object) => {
        for (const { id } of await of(Product).find(options)) await of(Review).findBy({ productId: id });
      };
      const joined = await sole(() => loop({ relations: { tags: true } }));
      expect(joined.advice.code?.split('\n')[0]).toBe(
        "productRepository.find({ relations: { tags: true, reviews: true }, relationLoadStrategy: 'query' })",
      );
      const byQuery = await sole(() => loop({ relations: { tags: true }, relationLoadStrategy: 'query' }));
      expect(byQuery.advice.code).toBe(joined.advice.code);
      await follow(joined.advice.code?.split('\n')[0] ?? '', { productRepository: of(Product) }, 5);
    });

    it('part of a relation: all keys at once, with the condition', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Review).findBy({ productId: id, stars: 1 });
      });
      expect(advice.code).toBe(
        'reviewRepository.find({ where: { productId: In(ids) /* and the further conditions */ } })',
      );
    });

    it('very many children for each parent: a page of each, in one query', async () => {
      const run = async () => {
        for (const { id } of await of(Product).find()) await of(Review).findBy({ productId: id });
      };
      const { findings, analysed } = await units.run(run, { unboundedRows: 3 });
      const found = findings.find(({ kind }) => kind === 'n-plus-one');
      expect(found?.advice.code).toContain('ranked.place <= 100');
      const statistics = new Statistics();
      statistics.add(analysed, findings);
      const [row] = loadingStrategies(statistics, { ...DEFAULT_THRESHOLDS, unboundedRows: 3 });
      expect(row?.verdict).toMatchObject({ choice: 'paginate', code: found?.advice.code });
      const ids = (await of(Product).find()).map(({ id }) => id);
      const names = { reviewRepository: of(Review), Review, ids };
      expect(await follow(found?.advice.code ?? '', names, 1)).toHaveLength(24);
    });

    it('a list by a query builder: the joins to add to it', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).createQueryBuilder('p').getMany())
          await of(Image).findBy({ productId: id });
      });
      expect(advice.code?.split('\n')[0]).toBe(".leftJoinAndSelect('p.images', 'images')");
      await follow(
        "productRepository.createQueryBuilder('p').leftJoinAndSelect('p.images', 'images').getMany()",
        { productRepository: of(Product) },
        1,
      );
    });

    it('many-to-many by hand: the relation of the list', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Tag).find({ where: { products: { id } } });
      });
      const [joined = '', , beside = ''] = advice.code?.split('\n') ?? [];
      expect(joined).toBe('productRepository.find({ relations: { tags: true } })');
      expect(beside).toBe('tagRepository.findBy({ products: { id: In(ids) } })');
      await follow(joined, { productRepository: of(Product) }, 1);
      await follow(beside, { tagRepository: of(Tag), In, ids: [1, 2] }, 1);
    });

    it('a count for each row: counts by group', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Review).countBy({ productId: id });
      });
      const counts = await follow(advice.code ?? '', { reviewRepository: of(Review), ids: [1, 2, 3] }, 1);
      expect(
        (counts as { key: number; count: unknown }[]).map(({ key, count }) => [key, Number(count)]).sort(),
      ).toEqual([
        [1, 3],
        [2, 3],
        [3, 3],
      ]);
    });

    it('a count of a many-to-many relation: counts by group', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Tag).count({ where: { products: { id } } });
      });
      const counts = await follow(advice.code ?? '', { tagRepository: of(Tag), ids: [1, 2] }, 1);
      expect(
        (counts as { key: number; count: unknown }[]).map(({ key, count }) => [key, Number(count)]).sort(),
      ).toEqual([
        [1, 3],
        [2, 3],
      ]);
    });

    it('an existence test for each row: the keys that have rows', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find()) await of(Review).existsBy({ productId: id });
      });
      expect(await follow(advice.code ?? '', { reviewRepository: of(Review), ids: [1, 2] }, 1)).toHaveLength(
        2,
      );
    });

    it('one row for each parent: a ranked query', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find())
          await of(Review).findOne({ where: { productId: id }, order: { stars: 'DESC' } });
      });
      expect(advice.code).toContain('ORDER BY r.stars DESC');
      const ids = (await of(Product).find()).map(({ id }) => id);
      const found = await follow(advice.code ?? '', { reviewRepository: of(Review), Review, ids }, 1);
      expect((found as Review[]).map(({ productId }) => productId).sort()).toEqual([...ids].sort());
      expect((found as Review[])[0]).toBeInstanceOf(Review);
    });

    it.each(['find', 'query builder'])(
      'the newest rows of each parent, by a %s: a ranked query',
      async (how) => {
        const newest = (id: number) =>
          how === 'find'
            ? of(Review).find({ where: { productId: id }, order: { stars: 'DESC', id: 'ASC' }, take: 2 })
            : of(Review)
                .createQueryBuilder('v')
                .where('v.productId = :id', { id })
                .orderBy('v.stars', 'DESC')
                .addOrderBy('v.id')
                .limit(2)
                .getMany();
        const each: Review[] = [];
        const { advice } = await sole(async () => {
          for (const { id } of await of(Product).find()) each.push(...(await newest(id)));
        });
        expect(advice.text).toMatch(/^The first 2 rows of Product\.reviews per parent/);
        const ids = (await of(Product).find()).map(({ id }) => id);
        const found = await follow(advice.code ?? '', { reviewRepository: of(Review), Review, ids }, 1);
        const byId = (rows: Review[]) => [...rows].sort((a, b) => a.id - b.id);
        expect(byId(found as Review[])).toEqual(byId(each));
      },
    );

    it('the second rows of each parent: those places', async () => {
      const each: Review[] = [];
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find())
          each.push(...(await of(Review).find({ where: { productId: id }, skip: 1, take: 1 })));
      });
      expect(advice.code).toContain('ranked.place > 1 AND ranked.place <= 2');
    });

    it('a limit that cuts nothing: the whole relation', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find())
          await of(Review).find({ where: { productId: id }, take: 50 });
      });
      expect(advice.choice).toBe('join');
    });

    it('a loop of query builders: one query builder', async () => {
      const { advice } = await sole(async () => {
        const rows = await dataSource.query<{ customerId: number }[]>(
          'SELECT id, "customerId" FROM purchase',
        );
        for (const { customerId } of rows)
          await of(Customer).createQueryBuilder('c').where('c.id = :id', { id: customerId }).getMany();
      });
      expect(advice.code).toContain(".where('c.id IN (:...customerIds)', { customerIds })");
      await follow(advice.code ?? '', { customerRepository: of(Customer), customerIds: [1, 2] }, 1);
    });

    it('rows in an order: it stays', async () => {
      const { advice } = await sole(async () => {
        for (const { id } of await of(Product).find())
          await of(Review).find({ where: { productId: id }, order: { stars: 'DESC' } });
      });
      expect(advice.text).toContain("Keep the order of the rows: order: { reviews: { stars: 'DESC' } }.");
      const [, , beside = ''] = advice.code?.split('\n') ?? [];
      expect(beside).toBe(
        "reviewRepository.find({ where: { productId: In(ids) }, order: { stars: 'DESC' } })",
      );
      await follow(beside, { reviewRepository: of(Review), In, ids: [1, 2, 3] }, 1);
    });

    it('a join that multiplies: all its relations, each by a statement', async () => {
      const { id } = await of(Product).save(of(Product).create({ sku: 'wide', title: 'wide' }));
      await of(Review).insert(Array.from({ length: 8 }, () => ({ stars: 1, text: '', productId: id })));
      await of(Image).insert(Array.from({ length: 8 }, () => ({ url: '', productId: id })));
      const relations = { reviews: true, images: true, tags: true };
      const { advice } = await sole(() => of(Product).find({ where: { id }, relations }));
      expect(advice.code).toBe(
        "productRepository.find({ relations: { reviews: true, images: true, tags: true }, relationLoadStrategy: 'query' })",
      );
      const code = advice.code?.replace('{ relations', '{ where: { id }, relations') ?? '';
      await follow(code, { productRepository: of(Product), id }, 6);
      const single = await sole(() => of(Product).findOne({ where: { id }, relations }));
      expect(single.advice.code).toContain('productRepository.findOne({ where: ..., relations');
      await of(Review).delete({ productId: id });
      await of(Image).delete({ productId: id });
      await of(Product).delete({ id });
    });

    it('limit() with a joined relation: take()', async () => {
      const builder = () =>
        of(Product).createQueryBuilder('p').leftJoinAndSelect('p.reviews', 'r').orderBy('p.id');
      const { advice } = await sole(() => builder().limit(4).getMany());
      expect(advice.code).toContain('.take(4)');
      const products = await follow('builder().take(4).getMany()', { builder }, 2);
      expect((products as Product[]).map(({ reviews }) => reviews.length)).toEqual([3, 3, 3, 3]);
    });

    it('saves in a loop: one save of the list', async () => {
      const made = () => Array.from({ length: 6 }, (_, n) => of(AuditEntry).create({ text: `${n}` }));
      const { advice } = await sole(async () => {
        for (const entry of made()) await of(AuditEntry).save(entry);
      });
      expect(advice.code).toBe('auditEntryRepository.save(auditEntries)');
      // TypeORM asks SQLite for each generated id, so it inserts row by row there, in one transaction.
      const statements = database.dialect === 'sqlite' ? 6 : 1;
      await follow(
        advice.code ?? '',
        { auditEntryRepository: of(AuditEntry), auditEntries: made() },
        statements,
      );
    });

    it('updates in a loop: one transaction', async () => {
      const { advice } = await sole(async () => {
        for (let id = 1; id <= 6; id++) await of(Product).update({ id }, { stock: id });
      });
      expect(advice.code).toBe('dataSource.transaction(async (manager) => { ... })');
      const code = advice.code?.replace(
        '...',
        'for (let id = 1; id <= 6; id++) await manager.update(Product, { id }, { stock: id })',
      );
      await follow(code ?? '', { dataSource, Product }, 6);
    });

    it('deletes in a loop: one delete', async () => {
      const { advice } = await sole(async () => {
        for (let id = 9_001; id <= 9_006; id++) await of(AuditEntry).delete({ id });
      });
      expect(advice.code).toBe('auditEntryRepository.delete({ id: In(ids) })');
      await follow(advice.code ?? '', { auditEntryRepository: of(AuditEntry), In, ids: [9_001, 9_002] }, 1);
    });

    it('the same read twice: read once', async () => {
      const { advice } = await sole(async () => {
        await of(Product).findOneBy({ id: 1 });
        await of(Product).findOneBy({ id: 1 });
      });
      expect(advice.text).toContain('Read it once');
      await follow('productRepository.findOneBy({ id: 1 })', { productRepository: of(Product) }, 1);
    });

    it('a relation loaded twice: use what came with the list', async () => {
      const { advice, kind } = await sole(async () => {
        for (const { id } of await of(Product).find({ relations: { reviews: true } }))
          await of(Review).findBy({ productId: id });
      });
      expect(kind).toBe('double-load');
      expect(advice.text).toContain('`.reviews`');
    });
  });
});

/** What the report says of the same relation: finding and verdict must not contradict each other. */
function verdictCodeOf(unit: AnalysedUnit, found: Finding): string | undefined {
  const statistics = new Statistics();
  statistics.add(unit, [found]);
  const rows = loadingStrategies(statistics, DEFAULT_THRESHOLDS);
  return rows.find(
    ({ relation, strategy }) => relation === found.relation && strategy === found.evidence.facts['strategy'],
  )?.verdict.code;
}

function withoutSecondWay({ advice }: Finding): string | undefined {
  return advice.code?.split('\n// or, beside the list:')[0];
}
