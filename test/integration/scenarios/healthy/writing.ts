import { In, type EntityManager } from 'typeorm';
import {
  Account,
  AuditEntry,
  Customer,
  Employee,
  Item,
  Product,
  Purchase,
  Review,
  Setting,
  Tag,
} from '../shop.entities.js';
import { numbers, type Patterns } from './pattern.js';

const lock = (manager: EntityManager) =>
  manager.dataSource.options.type === 'postgres' ? { lock: { mode: 'pessimistic_write' } as const } : {};

/** Writes, transactions, locks and the reads around them. */
export const writing: Patterns = {
  'one insert of many rows': ({ of }) =>
    of(AuditEntry).insert(numbers(20).map((n) => ({ text: `entry ${n}` }))),
  'save of a list': ({ of }) =>
    of(AuditEntry).save(numbers(20).map((n) => of(AuditEntry).create({ text: `saved ${n}` }))),
  'save of a list in chunks': ({ of }) =>
    of(AuditEntry).save(
      numbers(20).map((n) => of(AuditEntry).create({ text: `chunk ${n}` })),
      { chunk: 5 },
    ),
  'save of changed entities': async ({ of }) => {
    const customers = await of(Customer).find();
    for (const customer of customers) customer.name += '.';
    await of(Customer).save(customers);
  },
  'save with a cascade': ({ of }) =>
    of(Purchase).save(
      of(Purchase).create({
        status: 'open',
        placedOn: '2026-03-01',
        customerId: 1,
        items: numbers(8).map((line) => of(Item).create({ line, quantity: 1, productId: line })),
      }),
    ),
  'a many-to-many list replaced': async ({ of }) => {
    const product = await of(Product).findOneOrFail({ where: { id: 1 }, relations: { tags: true } });
    product.tags = await of(Tag).findBy({ id: In([1, 2]) });
    await of(Product).save(product);
  },
  'four audit entries on their way': async ({ of }) => {
    for (const text of ['begin', 'check', 'pay', 'end']) await of(AuditEntry).insert({ text });
  },
  'a loop of saves in one transaction': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (let n = 0; n < 8; n++) await manager.save(manager.create(AuditEntry, { text: `in one ${n}` }));
    }),
  'a loop of updates in one transaction': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (let id = 1; id <= 8; id++) await manager.update(Product, { id }, { stock: 20 + id });
    }),
  'counters in one transaction': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (let id = 1; id <= 6; id++) await manager.increment(Product, { id }, 'stock', 1);
    }),
  'an update of many rows': ({ of }) => of(Product).update({ id: In([1, 2, 3]) }, { stock: 7 }),
  'an upsert of many rows': ({ of }) =>
    of(Setting).upsert(
      ['currency', 'theme', 'fresh'].map((name) => ({ name, value: 'new' })),
      ['name'],
    ),
  'insert or ignore': ({ of }) =>
    of(Setting).createQueryBuilder().insert().values({ name: 'theme', value: 'dark' }).orIgnore().execute(),
  'soft delete and restore': async ({ of }) => {
    await of(Product).softDelete({ id: 8 });
    await of(Product).restore({ id: 8 });
  },
  'delete by condition': async ({ of }) => {
    await of(AuditEntry).delete({ text: 'nothing like it' });
    await of(AuditEntry).createQueryBuilder().delete().where('id > 1000000').execute();
  },
  'remove of a list': async ({ of }) => {
    const entries = await of(AuditEntry).find({ take: 6 });
    await of(AuditEntry).remove(entries);
  },
  'a transfer under locks': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (const id of [1, 2]) {
        const account = await manager.findOneOrFail(Account, { where: { id }, ...lock(manager) });
        account.balance += id === 1 ? -10 : 10;
        await manager.save(account);
      }
    }),
  'locks row by row over a list': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (const { id } of await manager.find(Account, { select: { id: true } })) {
        if (manager.dataSource.options.type !== 'postgres') return;
        await manager.findOneOrFail(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
      }
    }),
  'check, then insert': async ({ of }) => {
    for (const name of ['one', 'two', 'three']) {
      if (!(await of(Setting).existsBy({ name }))) await of(Setting).insert({ name, value: '' });
    }
  },
  'check, then insert, for the rows of a list': async ({ of }) => {
    for (const { name } of await of(Employee).find({ take: 4, order: { id: 'ASC' } })) {
      if (!(await of(Setting).existsBy({ name }))) await of(Setting).insert({ name, value: '' });
    }
  },
  'read, check, write, in one transaction': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      const items = await manager.find(Item, { take: 4, order: { purchaseId: 'ASC', line: 'ASC' } });
      for (const { productId, quantity } of items) {
        const product = await manager.findOneByOrFail(Product, { id: productId });
        if (product.stock >= quantity)
          await manager.update(Product, { id: productId }, { stock: product.stock - 1 });
      }
    }),
  'an import that looks for each row': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      for (const sku of ['sku-101', 'sku-901', 'sku-102', 'sku-902', 'sku-103']) {
        const known = await manager.findOneBy(Product, { sku });
        await manager.save(manager.merge(Product, known ?? manager.create(Product, { sku }), { title: sku }));
      }
    }),
  'save, then read back': async ({ of }) => {
    for (const text of ['a', 'b', 'c']) {
      const { id } = await of(AuditEntry).save(of(AuditEntry).create({ text }));
      await of(AuditEntry).findOneByOrFail({ id });
    }
  },
  'rows just saved, and a lookup for each': async ({ of }) => {
    const saved = await of(Customer).save(
      numbers(4).map((n) => of(Customer).create({ email: `new${n}-${Date.now()}@shop.test`, name: 'new' })),
    );
    for (const { id } of saved) await of(Purchase).findBy({ customerId: id });
  },
  'a job queue': async ({ of }) => {
    for (;;) {
      const next = await of(Purchase).findOne({ where: { status: 'paid' }, order: { id: 'ASC' } });
      if (next === null) break;
      await of(Purchase).update({ id: next.id }, { status: 'sent' });
    }
    await of(Purchase).update({ id: In([1, 4]) }, { status: 'paid' });
  },
  'read, write, read again': async ({ of }) => {
    const read = () => of(Review).findBy({ productId: 1 });
    await read();
    await of(Review).insert({ stars: 5, text: 'again', productId: 1 });
    await read();
  },
  'a transaction that is tried again': async ({ dataSource }) => {
    for (let attempt = 1; attempt <= 3; attempt++) {
      const done = await dataSource
        .transaction(async (manager) => {
          const account = await manager.findOneByOrFail(Account, { id: 1 });
          const text = attempt < 3 ? null : `balance ${account.balance}`;
          if (attempt < 3) throw new Error('busy');
          await manager.insert(AuditEntry, { text: text ?? '' });
        })
        .then(
          () => true,
          () => false,
        );
      if (done) break;
    }
  },
  savepoints: ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      await manager.transaction((inner) => inner.insert(AuditEntry, { text: 'inner 1' }));
      await manager.transaction((inner) => inner.insert(AuditEntry, { text: 'inner 2' }));
    }),
  'an insert with a subquery': ({ dataSource }) =>
    dataSource.query(`INSERT INTO audit_entry (text) SELECT name FROM customer WHERE id <= 2`),
};
