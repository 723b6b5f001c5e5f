import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, DataSource, Entity, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { fakeDrivers, type Answer, type Calls } from './fake-drivers.js';

@Entity()
class Author {
  @PrimaryColumn({ type: Number }) id!: number;
  @Column({ type: String }) name!: string;
  @OneToMany(() => Post, (post) => post.author, { lazy: true }) posts!: Promise<Post[]>;
}

@Entity()
class Post {
  @PrimaryColumn({ type: Number }) id!: number;
  @Column({ type: String }) title!: string;
  @ManyToOne(() => Author, (author) => author.posts) author!: Relation<Author>;
  @Column({ type: Number }) authorId!: number;
}

const FOUR = [1, 2, 3, 4];

/** Four authors with one post each; whatever else is asked for gets one row. */
const answer: Answer = (statement, values) => {
  if (/nowhere/.test(statement)) throw Object.assign(new Error('no such table'), { code: 'NO_TABLE' });
  if (/FROM\W+post\b/i.test(statement)) {
    const authorId = Number(
      JSON.stringify(values).match(/\d+/)?.[0] ?? /\d+/.exec(statement.split('WHERE')[1] ?? '')?.[0],
    );
    return ['Post', 'posts']
      .map((alias) => ({
        [`${alias}_id`]: authorId * 10,
        [`${alias}_title`]: 'title',
        [`${alias}_authorId`]: authorId,
      }))
      .reduce<Record<string, unknown>[]>(([all], one) => [{ ...all, ...one }], [{}]);
  }
  if (/FROM\W+author\b/i.test(statement))
    return FOUR.map((id) => ({ Author_id: id, Author_name: `author ${id}` }));
  return [{ one: 1, db_name: 'fake', schema_name: 'fake', current_database: 'fake', current_schema: 'fake' }];
};

/**
 * Contracts of drivers whose servers no test has: TypeORM's own driver and query runner, around a client library that is
 * a fake. What a real server would answer is not tested.
 */
describe.each(Object.entries(fakeDrivers))('the driver %s, its client library a fake', (_, fake) => {
  const calls: Calls = [];
  let dataSource: DataSource;
  let units: ObservedUnits;

  beforeAll(async () => {
    dataSource = await new DataSource({
      ...fake.options(answer, calls),
      entities: [Author, Post],
    }).initialize();
    units = new ObservedUnits(dataSource);
  });
  afterAll(async () => {
    expect(units.failures).toEqual([]);
    units.stop();
    await dataSource.destroy();
  });

  const statementsOf = async (work: () => Promise<unknown>) => {
    calls.length = 0;
    const { analysed } = await units.run(work);
    return analysed.queries.map(({ record }) => record);
  };

  it('is recorded: text, rows, time and place', async () => {
    const [record, ...others] = await statementsOf(() => dataSource.manager.find(Author));
    expect(units.failure).toBeUndefined();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      statement: expect.stringMatching(/^SELECT/),
      rowsReturned: 4,
      callSite: { file: 'test/integration/databases/fake-drivers.spec.ts' },
    });
    expect(record?.executeMs).toBeGreaterThan(0);
  });

  it('is recorded with the error that the host sees', async () => {
    let thrown: unknown;
    const [record] = await statementsOf(async () => {
      await dataSource.query('SELECT * FROM nowhere').catch((error: unknown) => (thrown = error));
    });
    expect(record?.error).toMatchObject({ code: 'NO_TABLE', message: 'no such table' });
    expect(String(thrown)).toContain('no such table');
  });

  it('is recorded with its transactions, whoever begins them', async () => {
    const write = () =>
      dataSource.transaction((manager) => manager.update(Author, { id: 1 }, { name: 'new' }));
    const records = await statementsOf(write);
    expect(units.failure).toBeUndefined();
    const { begin, end } = fake.transaction;
    expect(records.map(({ statement }) => statement.split(' ')[0])).toEqual([...begin, 'UPDATE', ...end]);
    expect(records[0]?.transaction).toEqual(expect.any(Number));
    expect(new Set(records.map(({ transaction }) => transaction)).size).toBe(1);
    expect(calls.at(-1)).toBe('COMMIT');
    expect((await statementsOf(() => dataSource.manager.find(Author)))[0]?.transaction).toBeUndefined();
  });

  it('is called in the same order without QueryLens', async () => {
    const work = async () => {
      await dataSource.manager.find(Author, { relations: { posts: true } });
      await dataSource.transaction((manager) => manager.update(Author, { id: 2 }, { name: 'new' }));
    };
    await statementsOf(work);
    const observed = [...calls];
    units.stop();
    calls.length = 0;
    await work();
    expect(calls).toEqual(observed);
    units = new ObservedUnits(dataSource);
  });

  it('has its lazy relations in a loop found, by name', async () => {
    const loop = async () => {
      for (const author of await dataSource.manager.find(Author)) expect(await author.posts).toHaveLength(1);
    };
    expect(await units.findings(loop)).toEqual(['n-plus-one Author.posts']);
  });

  it('has a loop by hand found, by name', async () => {
    const loop = async () => {
      for (const { id } of await dataSource.manager.find(Author))
        await dataSource.manager.findBy(Post, { authorId: id });
    };
    expect(await units.findings(loop)).toEqual(['n-plus-one Author.posts']);
  });
});
