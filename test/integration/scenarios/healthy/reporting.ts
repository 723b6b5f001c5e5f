import { Customer, Item, Product, Purchase, Review } from '../shop.entities.js';
import { pause, type Patterns } from './pattern.js';

/** Figures, dashboards, pings and waits. */
export const reporting: Patterns = {
  'a dashboard of counts of different tables': ({ of }) =>
    Promise.all([of(Customer).count(), of(Product).count(), of(Purchase).count(), of(Review).count()]),
  'a dashboard of counts by status': async ({ of }) => {
    await of(Purchase).find({ take: 5 });
    const counts = [];
    for (const status of ['open', 'paid', 'sent', 'lost'])
      counts.push(await of(Purchase).countBy({ status }));
    return counts;
  },
  'a dashboard of counts by status at once': async ({ of }) =>
    Promise.all(['open', 'paid', 'sent'].map((status) => of(Purchase).countBy({ status }))),
  'several aggregates of one table': async ({ of }) => {
    await of(Purchase).sum('total', {});
    await of(Purchase).average('total', {});
    await of(Purchase).minimum('total', {});
    await of(Purchase).maximum('total', {});
  },
  'one aggregate with several filters': async ({ of }) => {
    for (const status of ['open', 'paid', 'sent']) await of(Purchase).sum('total', { status });
  },
  'a report by groups': ({ of }) =>
    of(Purchase)
      .createQueryBuilder('p')
      .select('p.status', 'status')
      .addSelect('COUNT(*)', 'n')
      .addSelect('SUM(p.total)', 'total')
      .groupBy('p.status')
      .getRawMany(),
  'three reports on one table': async ({ dataSource }) => {
    await dataSource.query('SELECT status, COUNT(*) FROM purchase GROUP BY status');
    await dataSource.query('SELECT status, SUM(total) FROM purchase GROUP BY status');
    await dataSource.query('SELECT MAX(total) FROM purchase');
  },
  'a figure for each month': async ({ dataSource, mark, quoted }) => {
    for (const month of ['2026-01', '2026-02', '2026-03', '2026-04'])
      await dataSource.query(`SELECT SUM(total) FROM purchase WHERE ${quoted('placedOn')} LIKE ${mark(1)}`, [
        `${month}%`,
      ]);
  },
  'a figure for each bucket of totals': async ({ dataSource, mark }) => {
    for (const from of [0, 100, 200, 300])
      await dataSource.query(
        `SELECT COUNT(*) FROM purchase WHERE total >= ${mark(1)} AND total < ${mark(2)}`,
        [from, from + 100],
      );
  },
  'a window function': ({ dataSource, quoted }) =>
    dataSource.query(
      `SELECT * FROM (SELECT r.*, row_number() OVER (PARTITION BY ${quoted('productId')} ORDER BY stars DESC) AS n FROM review r) ranked WHERE n = 1`,
    ),
  'a common table expression': ({ dataSource, quoted }) =>
    dataSource.query(
      `WITH big AS (SELECT * FROM purchase WHERE total > 100) SELECT c.name, big.total FROM customer c JOIN big ON big.${quoted('customerId')} = c.id`,
    ),
  'an export of all items with their products': ({ of }) =>
    of(Item).createQueryBuilder('item').innerJoinAndSelect('item.product', 'product').getRawMany(),
  'a condition with EXISTS': ({ of, quoted }) =>
    of(Product)
      .createQueryBuilder('product')
      .where(
        `EXISTS (SELECT 1 FROM review WHERE review.${quoted('productId')} = product.id AND review.stars = 5)`,
      )
      .getMany(),
  'pings without a table': async ({ dataSource }) => {
    for (let n = 0; n < 5; n++) await dataSource.query('SELECT 1');
  },
  'polling with a timer': async ({ of }) => {
    for (let n = 0; n < 4; n++) {
      await of(Purchase).findOneBy({ id: 1 });
      await pause(60);
    }
  },
  'polling faster': async ({ of }) => {
    for (let n = 0; n < 5; n++) {
      await of(Purchase).findOneBy({ id: 1 });
      await pause(20);
    }
  },
  'polling two things': async ({ of }) => {
    for (let n = 0; n < 3; n++) {
      await of(Purchase).findOneBy({ id: 1 });
      await of(Purchase).countBy({ status: 'open' });
      await pause(60);
    }
  },
  'reading again after a write of somebody else, told by a timer': async ({ of }) => {
    await of(Product).findOneBy({ id: 1 });
    await pause(120);
    await of(Product).findOneBy({ id: 1 });
  },
};
