import { In, IsNull, MoreThan, type EntityManager, type EntitySubscriberInterface } from 'typeorm';
import {
  Account,
  AuditEntry,
  Booking,
  Coupon,
  Customer,
  Employee,
  Image,
  Item,
  Leg,
  Product,
  Purchase,
  Review,
  Setting,
  Tag,
} from '../shop.entities.js';
import { dataLoader } from './data-loader.js';
import { numbers, pause, type Patterns, type Shop } from './pattern.js';

/** One loader for each field of a GraphQL type, as they are made for each request. */
const fieldLoaders = ({ of }: Shop) => ({
  reviews: dataLoader(async (ids: readonly number[]) => {
    const rows = await of(Review).findBy({ productId: In([...ids]) });
    return ids.map((id) => rows.filter(({ productId }) => productId === id));
  }),
  images: dataLoader(async (ids: readonly number[]) => {
    const rows = await of(Image).findBy({ productId: In([...ids]) });
    return ids.map((id) => rows.filter(({ productId }) => productId === id));
  }),
  tags: dataLoader(async (ids: readonly number[]) => {
    const rows = await of(Product).find({ where: { id: In([...ids]) }, relations: { tags: true } });
    return ids.map((id) => rows.find((row) => row.id === id)?.tags ?? []);
  }),
});

const employeesById = ({ of }: Shop) =>
  dataLoader(async (ids: readonly number[]) => {
    const rows = await of(Employee).findBy({ id: In([...ids]) });
    return ids.map((id) => rows.find((row) => row.id === id));
  });

/** A lock that the server keeps by a number, where it has such locks. */
async function advisoryLock({ dataSource }: Shop, manager: EntityManager, key: number): Promise<void> {
  const { type } = dataSource.options;
  if (type === 'postgres') await manager.query('SELECT pg_advisory_xact_lock($1)', [key]);
  if (type === 'mysql') {
    await manager.query('SELECT GET_LOCK(?, 1)', [`account ${key}`]);
    await manager.query('SELECT RELEASE_LOCK(?)', [`account ${key}`]);
  }
}

const text = ({ of }: Shop, name: string) => of(Setting).findOneBy({ name });

/** Writes an entry for each row of reviews that is inserted, in the transaction of the row. */
const auditing: EntitySubscriberInterface<Review> = {
  listenTo: () => Review,
  afterInsert: ({ manager, entity }) => manager.insert(AuditEntry, { text: `review ${String(entity.id)}` }),
};

/** What guards, interceptors, resolvers, subscribers and workers do around the handlers of a grown application. */
export const requests: Patterns = {
  'GraphQL, a loader for each field': async (shop) => {
    const load = fieldLoaders(shop);
    const products = await shop.of(Product).find();
    await Promise.all(
      products.map(({ id }) => Promise.all([load.reviews(id), load.images(id), load.tags(id)])),
    );
  },
  'GraphQL, loaders of two levels': async (shop) => {
    const load = fieldLoaders(shop);
    const items = dataLoader(async (ids: readonly number[]) => {
      const rows = await shop.of(Item).findBy({ purchaseId: In([...ids]) });
      return ids.map((id) => rows.filter(({ purchaseId }) => purchaseId === id));
    });
    const purchases = await shop.of(Purchase).find({ take: 4, order: { id: 'ASC' } });
    await Promise.all(
      purchases.map(async ({ id }) =>
        Promise.all((await items(id)).map(({ productId }) => load.images(productId))),
      ),
    );
  },
  'GraphQL, one loader for three fields, of which two have one key': async (shop) => {
    const load = employeesById(shop);
    const employees = await shop.of(Employee).find({ order: { id: 'ASC' } });
    await Promise.all(employees.flatMap(({ managerId }) => (managerId === null ? [] : [load(managerId)])));
    await load(employees[6]?.id ?? 0);
    await load(employees[7]?.id ?? 0);
  },
  'GraphQL, one object and its loaders': async (shop) => {
    const load = fieldLoaders(shop);
    const product = await shop.of(Product).findOneByOrFail({ id: 3 });
    await load.reviews(product.id);
    await load.images(product.id);
  },
  'a page and one row more': async ({ of }) => {
    for (let page = 0; page < 3; page++)
      await of(Purchase).find({ order: { id: 'ASC' }, skip: page * 4, take: 5 });
  },
  'pages by a cursor of two columns': async ({ of }) => {
    let [day, id] = ['', 0];
    for (;;) {
      const rows = await of(Purchase)
        .createQueryBuilder('p')
        .where('p.placedOn > :day OR (p.placedOn = :day AND p.id > :id)', { day, id })
        .orderBy('p.placedOn')
        .addOrderBy('p.id')
        .limit(4)
        .getMany();
      const last = rows.at(-1);
      if (last === undefined) break;
      [day, id] = [last.placedOn, last.id];
    }
  },
  'pages by a cursor, each with its relation by the query strategy': async ({ of }) => {
    for (let last = 0; ;) {
      const page = await of(Purchase).find({
        where: { id: MoreThan(last) },
        order: { id: 'ASC' },
        take: 5,
        relations: { items: true, customer: true },
        relationLoadStrategy: 'query',
      });
      if (page.length === 0) break;
      last = page.at(-1)?.id ?? 0;
    }
  },
  'an outbox, batch by batch': async ({ of }) => {
    await of(AuditEntry).insert(numbers(7).map((n) => ({ text: `event ${String(n)}` })));
    for (;;) {
      const events = await of(AuditEntry)
        .createQueryBuilder('entry')
        .where("entry.text LIKE 'event %'")
        .orderBy('entry.id')
        .limit(3)
        .getMany();
      if (events.length === 0) break;
      await of(AuditEntry).update({ id: In(events.map(({ id }) => id)) }, { text: 'sent' });
    }
  },
  'an outbox that is empty, asked again': async ({ of }) => {
    for (let n = 0; n < 4; n++) {
      const events = await of(AuditEntry).find({ where: { text: 'event' }, take: 10, order: { id: 'ASC' } });
      if (events.length > 0) return;
      await pause(20);
    }
  },
  'an outbox under locks that skip': async ({ dataSource }) => {
    if (dataSource.options.type !== 'postgres') return;
    for (let n = 0; n < 3; n++)
      await dataSource.transaction(async (manager) => {
        const [event] = await manager.find(AuditEntry, {
          order: { id: 'ASC' },
          take: 1,
          lock: { mode: 'pessimistic_write', onLocked: 'skip_locked' },
        });
        if (event !== undefined) await manager.delete(AuditEntry, { id: event.id });
        await manager.insert(AuditEntry, { text: 'opened' });
      });
  },
  'an optimistic lock by save, tried again': async ({ of }) => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const product = await of(Product).findOneByOrFail({ id: 4 });
      await of(Product).save(Object.assign(product, { stock: product.stock - 1 }));
      if (attempt === 1) return;
    }
  },
  'an advisory lock for each account of a transfer': (shop) =>
    shop.dataSource.transaction(async (manager) => {
      const accounts = await manager.find(Account, { order: { id: 'ASC' }, take: 4 });
      for (const { id } of accounts) await advisoryLock(shop, manager, id);
      await manager.update(Account, { id: In(accounts.map(({ id }) => id)) }, { balance: 1_000 });
    }),
  'a lock asked for until it is free': async ({ dataSource }) => {
    if (dataSource.options.type !== 'postgres') return;
    for (let attempt = 0; attempt < 4; attempt++) {
      const [{ free }] = await dataSource.query<[{ free: boolean }]>(
        'SELECT pg_try_advisory_xact_lock($1) AS free',
        [4711],
      );
      if (free && attempt > 2) return;
    }
  },
  'deleted rows looked at, then brought back': async ({ of }) => {
    await of(Product).softDelete({ id: In([5, 6]) });
    const gone = await of(Product).find({ where: { id: In([5, 6]) }, withDeleted: true });
    await of(Product).recover(gone);
    await of(Product).find({ where: { id: In([5, 6]) } });
  },
  'deleted by one, restored by the next, looked at in between': async ({ of }) => {
    const state = () => of(Product).findOne({ where: { id: 7 }, withDeleted: true });
    await state();
    await of(Product).softDelete({ id: 7 });
    await state();
    await of(Product).restore({ id: 7 });
    await state();
  },
  'a recursive statement for each of two roots': async ({ dataSource, quoted, mark }) => {
    for (const root of [2, 3])
      await dataSource.query(
        `WITH RECURSIVE below AS (SELECT id FROM employee WHERE id = ${mark(1)} UNION ALL ` +
          `SELECT e.id FROM employee e JOIN below b ON e.${quoted('managerId')} = b.id) SELECT * FROM below`,
        [root],
      );
  },
  'upserts in chunks, the last of one row': async ({ of }) => {
    const rows = numbers(16).map((n) => ({ name: `bulk.${String(n)}`, value: 'v' }));
    for (let at = 0; at < rows.length; at += 3) await of(Setting).upsert(rows.slice(at, at + 3), ['name']);
  },
  'inserts in chunks of one transaction, the known ones left out': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      const rows = numbers(9).map((n) => ({ name: `chunk.${String(n)}`, value: 'v' }));
      for (let at = 0; at < rows.length; at += 3) {
        const chunk = rows.slice(at, at + 3);
        const known = await manager.findBy(Setting, { name: In(chunk.map(({ name }) => name)) });
        const fresh = chunk.filter(({ name }) => known.every((row) => row.name !== name));
        if (fresh.length > 0) await manager.insert(Setting, fresh);
      }
    }),
  'a savepoint for each of a few rows': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (const sku of ['sku-101', 'sku-102', 'sku-103'])
        await manager
          .transaction(async (inner) => {
            const product = await inner.findOneByOrFail(Product, { sku });
            await inner.update(Product, { id: product.id }, { stock: 10 });
          })
          .catch(() => undefined);
    }),
  'a savepoint around each row of a list that is written': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      const accounts = await manager.find(Account, { order: { id: 'ASC' } });
      for (const account of accounts)
        await manager.transaction((inner) =>
          inner.update(Account, { id: account.id }, { balance: account.balance + 1 }),
        );
    }),
  'a tenant in every condition': async ({ of }) => {
    const tenant = 'south';
    if (!(await of(Booking).existsBy({ tenant }))) return;
    const bookings = await of(Booking).find({ where: { tenant }, order: { no: 'ASC' } });
    await of(Leg).findBy({ tenant, bookingNo: In(bookings.map(({ no }) => no)) });
    await of(Leg).countBy({ tenant });
    await of(Booking).update({ tenant, no: bookings[0]?.no ?? 0 }, { guest: 'guest' });
  },
  'a guard, an interceptor and a handler about one user': async ({ of }) => {
    const id = 3;
    const user = await of(Employee).findOne({ where: { id }, select: { id: true, managerId: true } });
    if (!(await of(Employee).existsBy({ id: user?.managerId ?? 0 }))) return;
    const withManager = await of(Employee).findOne({ where: { id }, relations: { manager: true } });
    await of(Employee).findBy({ managerId: withManager?.id ?? 0 });
  },
  'a guard asks for the owner, the handler for the thing and its parts': async ({ of }) => {
    const { customerId } = await of(Purchase).findOneOrFail({
      where: { id: 2 },
      select: { id: true, customerId: true },
    });
    await of(Customer).existsBy({ id: customerId });
    const purchase = await of(Purchase).findOneByOrFail({ id: 2 });
    await of(Item).findBy({ purchaseId: purchase.id });
    await of(Coupon).findOneBy({ id: purchase.couponId ?? 0 });
  },
  'rights by role, by group, by name': async ({ of }) => {
    for (const name of ['right.role', 'right.group', 'right.user'])
      if (await of(Setting).existsBy({ name })) return;
  },
  'a text in the language, in its base, in English': async (shop) =>
    (await text(shop, 'hello.de-AT')) ?? (await text(shop, 'hello.de')) ?? (await text(shop, 'hello.en')),
  'a text in the first language that has it': async (shop) => {
    for (const locale of ['de-AT', 'de', 'en']) if (await text(shop, `hello.${locale}`)) return;
  },
  'three texts, each in two languages': async (shop) => {
    for (const name of ['hello', 'bye', 'thanks'])
      if ((await text(shop, `${name}.de`)) === null) await text(shop, `${name}.en`);
  },
  'a subscriber that writes an entry for each row of a saved list': async ({ dataSource, of }) => {
    dataSource.subscribers.push(auditing);
    try {
      const reviews = numbers(6).map(() => of(Review).create({ stars: 1, text: 'audited', productId: 1 }));
      await of(Review).remove(await of(Review).save(reviews));
    } finally {
      dataSource.subscribers.splice(dataSource.subscribers.indexOf(auditing), 1);
    }
  },
  'a health check of three tables and a ping': async ({ dataSource, of }) => {
    await dataSource.query('SELECT 1');
    await Promise.all([
      of(Setting).find({ take: 1 }),
      of(Account).find({ take: 1 }),
      of(Tag).find({ take: 1 }),
    ]);
    await dataSource.query('SELECT 1');
  },
  'a name that is free': async ({ of }) => {
    for (let n = 101; n < 120; n++) if (!(await of(Product).existsBy({ sku: `sku-${String(n)}` }))) return;
  },
  'children brought in line with what was sent': async ({ of }) => {
    const before = await of(Image).findBy({ productId: 2 });
    const sent = ['/images/2/1.png', '/images/2/3.png'];
    const gone = before.filter(({ url }) => !sent.includes(url));
    if (gone.length > 0) await of(Image).delete({ id: In(gone.map(({ id }) => id)) });
    const known = new Set(before.map(({ url }) => url));
    await of(Image).insert(sent.filter((url) => !known.has(url)).map((url) => ({ url, productId: 2 })));
    await of(Image).findBy({ productId: 2 });
  },
  'a token, rotated': async ({ of }) => {
    const old = await of(Setting).save({ name: `token ${String(Math.random())}`, value: '2' });
    const token = await of(Setting).findOneByOrFail({ name: old.name });
    await of(Setting).delete({ name: token.name });
    await of(Setting).insert({ name: `${old.name}'`, value: token.value });
    await of(Customer).findOneByOrFail({ id: Number(token.value) });
  },
  'preload, then save': async ({ of }) => {
    for (const id of [1, 2]) {
      const product = await of(Product).preload({ id, title: `product ${String(id)}` });
      if (product !== undefined) await of(Product).save(product);
    }
  },
  'a search in four tables': async ({ of }) => {
    const name = 'customer 1';
    await Promise.all([
      of(Customer).find({ where: { name }, take: 3 }),
      of(Product).find({ where: { title: name }, take: 3 }),
      of(Coupon).find({ where: { code: name }, take: 3 }),
      of(Tag).find({ where: { label: name }, take: 3 }),
    ]);
  },
  'keys of a form, each looked at in its table': async ({ of }) => {
    const form = { customerId: 1, couponId: 1, productId: 1 };
    const known = await Promise.all([
      of(Customer).existsBy({ id: form.customerId }),
      of(Coupon).existsBy({ id: form.couponId }),
      of(Product).existsBy({ id: form.productId }),
    ]);
    return known.every(Boolean);
  },
  'one account merged into another': async ({ of }) => {
    const customer = (id: number) =>
      of(Customer).findOneOrFail({ where: { id }, relations: { purchases: true } });
    const from = await customer(5);
    const to = await customer(6);
    await of(Purchase).update({ customerId: from.id }, { customerId: to.id });
    await of(Purchase).update({ id: In(from.purchases.map(({ id }) => id)) }, { customerId: from.id });
  },
  'what has no parent, then what has this one': async ({ of }) => {
    const roots = await of(Employee).findBy({ managerId: IsNull() });
    const open = roots[0];
    if (open !== undefined) await of(Employee).findBy({ managerId: open.id });
  },
  'a lease for each of a few jobs': async ({ of }) => {
    for (const name of ['currency', 'theme', 'locale']) {
      const { affected } = await of(Setting).update({ name }, { value: 'leased' });
      if (affected === 1) await of(Setting).update({ name }, { value: 'free' });
    }
  },
};
