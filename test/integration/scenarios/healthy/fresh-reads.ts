import {
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  ViewColumn,
  ViewEntity,
  type Relation,
} from 'typeorm';
import { Account, AuditEntry, Customer, Purchase, Setting } from '../shop.entities.js';
import { numbers, type Patterns, type Shop } from './pattern.js';

/** Its replies go with it, and the database sees to that. */
@Entity()
export class Thread {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @OneToMany(() => Reply, (reply) => reply.thread) replies!: Reply[];
}

@Entity()
export class Reply {
  @PrimaryGeneratedColumn() id!: number;
  @Column() text!: string;
  @ManyToOne(() => Thread, (thread) => thread.replies, { onDelete: 'CASCADE' }) thread!: Relation<Thread>;
  @Column() threadId!: number;
  @OneToMany(() => Like, (like) => like.reply) likes!: Like[];
}

@Entity()
export class Like {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Reply, (reply) => reply.likes, { onDelete: 'CASCADE' }) reply!: Relation<Reply>;
  @Column() replyId!: number;
}

/** What the entries of the audit come to. */
@ViewEntity({ expression: 'SELECT 1 AS id, COUNT(*) AS entries FROM audit_entry' })
export class AuditTotal {
  @PrimaryColumn() @ViewColumn() id!: number;
  @ViewColumn() entries!: number;
}

export const freshReadEntities = [Thread, Reply, Like, AuditTotal];

const threadOf = async ({ of }: Shop) => {
  const thread = await of(Thread).save(of(Thread).create({ title: 'thread' }));
  const reply = await of(Reply).save(of(Reply).create({ text: 'reply', threadId: thread.id }));
  await of(Like).insert(numbers(2).map(() => ({ replyId: reply.id })));
  return { threadId: thread.id, replyId: reply.id };
};

/** Read again with the same values, because something may have changed: seen in no write to the table that is read. */
export const freshReads: Patterns = {
  'looked up, and again under an advisory lock': async ({ dataSource, of }) => {
    const { type } = dataSource.options;
    if (type !== 'postgres' && type !== 'mysql') return;
    if ((await of(Setting).findOneBy({ name: 'once' })) !== null) return;
    await dataSource.transaction(async (manager) => {
      if (type === 'postgres') await manager.query('SELECT pg_advisory_xact_lock($1)', [4711]);
      else await manager.query('SELECT GET_LOCK(?, 1)', ['once']);
      if ((await manager.findOneBy(Setting, { name: 'once' })) === null)
        await manager.insert(Setting, { name: 'once', value: '1' });
      if (type === 'mysql') await manager.query('SELECT RELEASE_LOCK(?)', ['once']);
    });
    await of(Setting).delete({ name: 'once' });
  },
  'looked up, and again with its owner locked': async ({ dataSource, of }) => {
    if (dataSource.options.type === 'sqljs') return;
    if ((await of(Purchase).countBy({ customerId: 1, status: 'draft' })) > 0) return;
    await dataSource.transaction(async (manager) => {
      await manager.findOneOrFail(Customer, { where: { id: 1 }, lock: { mode: 'pessimistic_write' } });
      if ((await manager.countBy(Purchase, { customerId: 1, status: 'draft' })) > 0) return;
      await manager.update(Account, { id: 1 }, { balance: 1_000 });
    });
  },
  'a view, read again after a write below it': async ({ of }) => {
    await of(AuditTotal).findOneBy({ id: 1 });
    await of(AuditEntry).insert({ text: 'one more' });
    await of(AuditTotal).findOneBy({ id: 1 });
  },
  'a view that no entity is made for, read again after a write': async ({ dataSource, of }) => {
    await dataSource.query('CREATE VIEW audit_texts AS SELECT text FROM audit_entry');
    const texts = () => dataSource.query("SELECT * FROM audit_texts WHERE text = 'none'");
    await texts();
    await of(AuditEntry).insert({ text: 'one more' });
    await texts();
    await dataSource.query('DROP VIEW audit_texts');
  },
  'counted, and again when the database has deleted what belonged to it': async (shop) => {
    const { threadId } = await threadOf(shop);
    const count = () => shop.of(Reply).countBy({ threadId });
    await count();
    await shop.of(Thread).delete({ id: threadId });
    await count();
  },
  'counted, and again when the database has deleted two levels': async (shop) => {
    const { threadId, replyId } = await threadOf(shop);
    const count = () => shop.of(Like).countBy({ replyId });
    await count();
    await shop.of(Thread).delete({ id: threadId });
    await count();
  },
  'read, counted anew by a function, read again': async ({ dataSource, of }) => {
    if (dataSource.options.type !== 'postgres') return;
    await dataSource.query(
      `CREATE OR REPLACE FUNCTION settle(account int) RETURNS int LANGUAGE sql AS 'UPDATE account SET balance = balance WHERE id = $1 RETURNING balance'`,
    );
    const balance = () => of(Account).findOneByOrFail({ id: 2 });
    await balance();
    await dataSource.query('SELECT settle($1)', [2]);
    await balance();
  },
  'read, counted anew by a procedure, read again': async ({ dataSource, of }) => {
    const { type } = dataSource.options;
    if (type === 'sqljs') return;
    await dataSource.query(
      type === 'postgres'
        ? `CREATE OR REPLACE PROCEDURE settle_all() LANGUAGE sql AS 'UPDATE account SET balance = balance'`
        : 'CREATE OR REPLACE PROCEDURE settle_all() UPDATE account SET balance = balance',
    );
    const balance = () => of(Account).findOneByOrFail({ id: 3 });
    await balance();
    await dataSource.query('CALL settle_all()');
    await balance();
  },
  'the same question for two tenants that the connection knows': ({ dataSource }) =>
    dataSource.transaction(async (manager) => {
      if (dataSource.options.type !== 'postgres') return;
      for (const tenant of ['north', 'south']) {
        await manager.query(`SELECT set_config('app.tenant', $1, true)`, [tenant]);
        await manager.count(Purchase);
      }
    }),
};
