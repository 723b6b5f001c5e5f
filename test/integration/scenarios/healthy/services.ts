import {
  In,
  LessThan,
  MoreThan,
  Not,
  type DataSource,
  type MigrationInterface,
  type QueryRunner,
  Table,
} from 'typeorm';
import {
  Account,
  AuditEntry,
  Country,
  Customer,
  Employee,
  Item,
  Product,
  Purchase,
  Review,
  Section,
  Setting,
  Tag,
} from '../shop.entities.js';
import { numbers, pause, type Patterns } from './pattern.js';

/** Whatever the driver calls a stream: PostgreSQL and MySQL have one. */
const hasStreams = ({ options }: DataSource) => options.type === 'postgres' || options.type === 'mysql';

class AddWishes implements MigrationInterface {
  readonly name = 'AddWishes1790000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'wish',
        columns: [
          { name: 'id', type: 'int', isPrimary: true },
          { name: 'text', type: 'varchar', length: '40' },
        ],
      }),
    );
    for (const id of numbers(6)) await runner.query(`INSERT INTO wish VALUES (${String(id)}, 'wish')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('wish');
  }
}

/** What services, jobs and start-up code do between a request and its answer. */
export const services: Patterns = {
  'seeding what is missing': async ({ of }) => {
    for (const [name, value] of [
      ['currency', 'EUR'],
      ['theme', 'light'],
      ['locale', 'en'],
      ['tax', '19'],
    ] as const)
      if (!(await of(Setting).existsBy({ name }))) await of(Setting).insert({ name, value });
  },
  'seeding table after table': async ({ of }) => {
    if ((await of(Tag).count()) === 0) await of(Tag).insert([{ label: 'a' }, { label: 'b' }]);
    if ((await of(Product).count()) === 0) await of(Product).insert([{ sku: 'a', title: 'a' }]);
    if ((await of(Customer).count()) === 0) await of(Customer).insert([{ email: 'a', name: 'a' }]);
  },
  'a migration, and back': async ({ dataSource }) => {
    const runner = dataSource.createQueryRunner();
    await runner.startTransaction();
    await new AddWishes().up(runner);
    await runner.commitTransaction();
    await new AddWishes().down(runner);
    await runner.release();
  },
  'the schema brought up to date': ({ dataSource }) => dataSource.synchronize(),
  'a stream': async ({ dataSource, of }) => {
    if (!hasStreams(dataSource)) return;
    const stream = await of(Item).createQueryBuilder('item').stream();
    let rows = 0;
    for await (const _row of stream) rows++;
    return rows;
  },
  'a stream written elsewhere in batches': async ({ dataSource, of }) => {
    if (!hasStreams(dataSource)) return;
    const stream = await of(Item).createQueryBuilder('item').stream();
    let batch: { text: string }[] = [];
    for await (const _row of stream) {
      batch.push({ text: 'copied' });
      if (batch.length === 5) await of(AuditEntry).insert(batch.splice(0));
    }
    if (batch.length > 0) await of(AuditEntry).insert(batch);
    batch = [];
  },
  'old rows deleted in batches': async ({ of, dataSource }) => {
    await of(AuditEntry).insert(numbers(14).map((n) => ({ text: `old ${String(n)}` })));
    for (let affected = 1; affected > 0;) {
      const ids = await of(AuditEntry).find({ select: { id: true }, order: { id: 'ASC' }, take: 2 });
      if (ids.length > 0) await of(AuditEntry).delete({ id: In(ids.map(({ id }) => id)) });
      affected = ids.length;
    }
    await dataSource.getRepository(AuditEntry).insert({ text: 'opened' });
  },
  'rows changed range by range': async ({ of }) => {
    for (let from = 0; from < 12; from += 2)
      await of(Item)
        .createQueryBuilder()
        .update()
        .set({ quantity: () => 'quantity + 1' })
        .where('purchaseId >= :from AND purchaseId < :to', { from, to: from + 2 })
        .execute();
  },
  'an archive, batch by batch': async ({ of }) => {
    for (let last = 0; ;) {
      const reviews = await of(Review).find({ where: { id: MoreThan(last) }, order: { id: 'ASC' }, take: 6 });
      if (reviews.length === 0) break;
      await of(AuditEntry).insert(reviews.map(({ text }) => ({ text })));
      last = reviews.at(-1)?.id ?? 0;
    }
  },
  'the progress of one job': async ({ of }) => {
    for (const percent of [10, 25, 40, 55, 70, 85, 100]) {
      await of(Purchase).countBy({ total: LessThan(percent) });
      await of(Setting).update({ name: 'theme' }, { value: `${String(percent)} %` });
    }
  },
  'the progress of one job, saved as an entity': async ({ of }) => {
    const job = await of(Purchase).findOneByOrFail({ id: 1 });
    for (const total of [1, 2, 3, 4, 5, 6, 7]) await of(Purchase).save(Object.assign(job, { total }));
  },
  'a heartbeat by a timer': async ({ of }) => {
    for (let beat = 0; beat < 6; beat++) {
      await of(Setting).update({ name: 'locale' }, { value: String(beat) });
      await pause(5);
    }
  },
  'one counter, again and again': async ({ of }) => {
    for (let n = 0; n < 6; n++) await of(Account).increment({ id: 1 }, 'balance', 1);
  },
  'read, change, save, read back': async ({ of }) => {
    const product = await of(Product).findOneByOrFail({ id: 2 });
    of(Product).merge(product, { title: 'changed' });
    await of(Product).save(product);
    return of(Product).findOneByOrFail({ id: 2 });
  },
  'an optimistic lock that is tried again': async ({ of }) => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const { version, stock } = await of(Product).findOneByOrFail({ id: 3 });
      const { affected } = await of(Product).update(
        { id: 3, version: attempt === 2 ? version : -1 },
        { stock: stock - 1 },
      );
      if (affected === 1) return;
    }
  },
  'a request that is known already': async ({ of }) => {
    const known = await of(AuditEntry).findOneBy({ text: 'request 4711' });
    if (known !== null) return known;
    await of(AuditEntry).insert({ text: 'request 4711' });
    return of(AuditEntry).findOneByOrFail({ text: 'request 4711' });
  },
  'an order and its event in one transaction': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      const purchase = await manager.save(
        manager.create(Purchase, { status: 'open', placedOn: '2026-04-01', customerId: 1 }),
      );
      await manager.insert(AuditEntry, { text: `purchase ${String(purchase.id)}` });
    }),
  'who may see it, then what it is': async ({ of }) => {
    const user = await of(Employee).findOneByOrFail({ id: 4 });
    const boss = await of(Employee).findOneBy({ id: user.managerId ?? 0 });
    const purchase = await of(Purchase).findOneByOrFail({ id: 1 });
    const customer = await of(Customer).findOneByOrFail({ id: purchase.customerId });
    return [boss, customer];
  },
  'this month and the one before, through one helper': async ({ of }) => {
    const revenue = (month: string) =>
      of(Purchase)
        .createQueryBuilder('purchase')
        .select('SUM(purchase.total)', 'sum')
        .where('purchase.placedOn LIKE :month', { month: `${month}%` })
        .getRawOne();
    return Promise.all([revenue('2026-02'), revenue('2026-01')]);
  },
  'two lists of one entity': async ({ of }) => [
    await of(Purchase).findBy({ status: 'open' }),
    await of(Purchase).findBy({ status: Not('open') }),
  ],
  'two lists of one entity, each with its relation': async ({ of }) => [
    await of(Purchase).find({ where: { status: 'open' }, relations: { customer: true } }),
    await of(Purchase).find({ where: { status: 'paid' }, relations: { customer: true } }),
  ],
  'the same products compared with two others': async ({ of }) => {
    const detail = (id: number) => of(Product).findOne({ where: { id }, relations: { images: true } });
    const left = await detail(1);
    const right = await detail(2);
    return [left, right];
  },
  'a cached result': async ({ of }) => {
    const cached = new Map<string, Promise<Setting[]>>();
    const settings = () => {
      const known = cached.get('settings') ?? of(Setting).find();
      cached.set('settings', known);
      return known;
    };
    for (let n = 0; n < 5; n++) await settings();
  },
  'a list, its count and its sum': async ({ of }) => {
    const purchases = await of(Purchase).find({ where: { customerId: 1 }, take: 10 });
    const total = await of(Purchase).countBy({ customerId: 1 });
    const sum = await of(Purchase).sum('total', { customerId: 1 });
    return [purchases, total, sum];
  },
  'the newest of each customer with one statement': ({ of }) =>
    of(Purchase)
      .createQueryBuilder('purchase')
      .where((builder) => {
        const newest = builder
          .subQuery()
          .select('MAX(other.id)')
          .from(Purchase, 'other')
          .groupBy('other.customerId')
          .getQuery();
        return `purchase.id IN ${newest}`;
      })
      .getMany(),
  'customers, and who of them bought something': async ({ of }) => {
    const customers = await of(Customer).find();
    const bought = await of(Purchase)
      .createQueryBuilder('purchase')
      .select('purchase.customerId', 'id')
      .addSelect('COUNT(*)', 'count')
      .where('purchase.customerId IN (:...ids)', { ids: customers.map(({ id }) => id) })
      .groupBy('purchase.customerId')
      .getRawMany();
    return bought.length;
  },
  'a recursive statement': ({ dataSource, quoted }) =>
    dataSource.query(
      `WITH RECURSIVE chain AS (SELECT id, ${quoted('managerId')} FROM employee WHERE id = 5 UNION ALL ` +
        `SELECT e.id, e.${quoted('managerId')} FROM employee e JOIN chain c ON c.${quoted('managerId')} = e.id) SELECT * FROM chain`,
    ),
  'descendants of one section': async ({ dataSource }) => {
    const trees = dataSource.getTreeRepository(Section);
    const section = await trees.findOneByOrFail({ id: 1 });
    return trees.findDescendants(section);
  },
  'a tree below one section': async ({ dataSource }) => {
    const trees = dataSource.getTreeRepository(Section);
    const section = await trees.findOneByOrFail({ id: 1 });
    return trees.findDescendantsTree(section);
  },
  'the roots of a tree': ({ dataSource }) => dataSource.getTreeRepository(Section).findRoots(),
  'an entity with eager relations, twice in one request for two ids': async ({ of }) => {
    const from = await of(Country).findOneByOrFail({ id: 1 });
    const to = await of(Country).findOneByOrFail({ id: 2 });
    return [from, to];
  },
  'a check before each of two writes': async ({ of }) => {
    const free = (email: string) => of(Customer).existsBy({ email });
    if (!(await free('x@shop.test'))) await of(Customer).insert({ email: 'x@shop.test', name: 'x' });
    if (!(await free('y@shop.test'))) await of(Customer).insert({ email: 'y@shop.test', name: 'y' });
    await of(Customer).delete({ email: In(['x@shop.test', 'y@shop.test']) });
  },
  'stock taken under a condition': async ({ of }) => {
    const { affected } = await of(Product)
      .createQueryBuilder()
      .update()
      .set({ stock: () => 'stock - 1' })
      .where('id = :id AND stock >= 1', { id: 1 })
      .execute();
    return affected;
  },
  'waiting until something has happened': async ({ of }) => {
    for (let attempt = 0; attempt < 5; attempt++) {
      if ((await of(Purchase).countBy({ status: 'never' })) > 0) return;
      await pause(20);
    }
  },
  'a request that asks for the same shape in several places': async ({ of }) => {
    const cheap = await of(Purchase).find({ where: { total: LessThan(150) }, order: { id: 'ASC' }, take: 5 });
    const dear = await of(Purchase).find({ where: { total: MoreThan(150) }, order: { id: 'ASC' }, take: 5 });
    return [cheap, dear];
  },
  'a graph saved at once, read at once': async ({ of }) => {
    const saved = await of(Product).save(
      of(Product).create({
        sku: `graph-${String(Math.random())}`,
        title: 'graph',
        tags: await of(Tag).findBy({ id: In([1, 2]) }),
      }),
    );
    return of(Product).findOne({ where: { id: saved.id }, relations: { tags: true, images: true } });
  },
};
