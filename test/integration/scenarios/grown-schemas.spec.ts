import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type DataSource,
  type EntityTarget,
  type ObjectLiteral,
  type Relation,
} from 'typeorm';
import { describeOn } from '../../databases.js';
import { SnakeNaming } from '../snake-naming.js';
import { ObservedUnits } from './observed-units.js';
import {
  Booking,
  Customer,
  Employee,
  Leg,
  Product,
  Purchase,
  Review,
  shopEntities,
  Tag,
} from './shop.entities.js';
import { insertShop } from './shop-rows.js';

@Entity({ schema: 'yard' })
class Depot {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @OneToMany(() => Truck, (truck) => truck.depot) trucks!: Truck[];
}

/** The foreign key has no property of its own. */
@Entity({ schema: 'yard' })
class Truck {
  @PrimaryGeneratedColumn() id!: number;
  @Column() plate!: string;
  @ManyToOne(() => Depot, (depot) => depot.trucks) depot!: Relation<Depot>;
}

describe('schemas that have grown', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    const of = <T extends ObjectLiteral>(entity: EntityTarget<T>) => dataSource.getRepository(entity);
    const sole = async (work: () => Promise<unknown>) => {
      const { findings } = await units.run(work);
      expect(units.failure).toBeUndefined();
      expect(findings).toHaveLength(1);
      return findings[0];
    };

    describe('with a naming strategy', () => {
      beforeAll(async () => {
        dataSource = await database.open({ entities: shopEntities, namingStrategy: new SnakeNaming() });
        await insertShop(dataSource);
        units = new ObservedUnits(dataSource);
      });
      afterAll(async () => {
        expect(units.failures).toEqual([]);
        units.stop();
        await dataSource.destroy();
      });

      it('names relations and properties, not columns', async () => {
        const found = await sole(async () => {
          for (const { customerId } of await of(Purchase).find())
            await of(Customer).findOneBy({ id: customerId });
        });
        expect(found?.relation).toBe('Purchase.customer');
        expect(found?.advice.code).toContain('customerRepository.findBy({ id: In(customerIds) })');
        const down = await sole(async () => {
          for (const { id } of await of(Product).find()) await of(Review).findBy({ productId: id });
        });
        expect(down?.relation).toBe('Product.reviews');
        expect(down?.advice.code).toContain('reviewRepository.findBy({ productId: In(ids) })');
      });

      it('knows joins walked by hand, own tables and keys of two columns', async () => {
        const tags = await sole(async () => {
          for (const { id } of await of(Product).find()) await of(Tag).find({ where: { products: { id } } });
        });
        expect(tags?.relation).toBe('Product.tags');
        const reports = await sole(async () => {
          for (const { id } of await of(Employee).find()) await of(Employee).findBy({ managerId: id });
        });
        expect(reports?.relation).toBe('Employee.reports');
        const legs = await sole(async () => {
          for (const { tenant, no } of await of(Booking).find())
            await of(Leg).findBy({ tenant, bookingNo: no });
        });
        expect(legs?.relation).toBe('Booking.legs');
      });

      it('knows raw statements', async () => {
        const found = await sole(async () => {
          const rows = await dataSource.query<{ customer_id: number }[]>(
            'SELECT id, customer_id FROM purchases',
          );
          for (const { customer_id: id } of rows) await of(Customer).findOneBy({ id });
        });
        expect(found?.relation).toBe('Purchase.customer');
      });
    });

    if (database.dialect === 'postgres') {
      describe('in a schema of their own', () => {
        beforeAll(async () => {
          dataSource = await database.open({ entities: [Depot, Truck], synchronize: false });
          await dataSource.query('CREATE SCHEMA yard');
          await dataSource.synchronize();
          const depots = await of(Depot).save([1, 2, 3].map((n) => of(Depot).create({ name: `depot ${n}` })));
          await of(Truck).save(
            depots.flatMap((depot) => [1, 2].map((n) => of(Truck).create({ plate: `${n}`, depot }))),
          );
          units = new ObservedUnits(dataSource);
        });
        afterAll(() => {
          units.stop();
        });

        it('knows them, and foreign keys without a property', async () => {
          const found = await sole(async () => {
            for (const { id } of await of(Depot).find()) await of(Truck).findBy({ depot: { id } });
          });
          expect(found?.relation).toBe('Depot.trucks');
          expect(found?.advice.code?.split('\n')).toEqual([
            'depotRepository.find({ relations: { trucks: true } })',
            '// or, beside the list:',
            'truckRepository.findBy({ depot: { id: In(ids) } })',
          ]);
        });

        it('ranks within the right table', async () => {
          const found = await sole(async () => {
            for (const { id } of await of(Depot).find())
              await of(Truck).findOne({ where: { depot: { id } }, order: { plate: 'DESC' } });
          });
          expect(found?.advice.code).toContain(
            "row_number() OVER (PARTITION BY r.depot ORDER BY r.plate DESC)', 'place')",
          );
        });

        it('counts through the relation', async () => {
          const found = await sole(async () => {
            for (const { id } of await of(Depot).find()) await of(Truck).countBy({ depot: { id } });
          });
          expect(found?.kind).toBe('count-per-row');
          const counts = await of(Truck)
            .createQueryBuilder('truck')
            .innerJoin('truck.depot', 'parent')
            .select('parent.id', 'key')
            .addSelect('COUNT(*)', 'count')
            .where('parent.id IN (:...keys)', { keys: [1, 2] })
            .groupBy('parent.id')
            .getRawMany();
          expect(counts).toHaveLength(2);
          expect(found?.advice.code).toContain(".innerJoin('truck.depot', 'parent')");
        });
      });
    }
  });
});
