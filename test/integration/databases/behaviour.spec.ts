import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { describeOn, type DatabaseName } from '../../databases.js';
import { Author, blogEntities, Comment, fillBlog, Post, Tag } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

const HAS_POOL: readonly DatabaseName[] = ['postgres', 'mysql'];
const HAS_STREAMS: readonly DatabaseName[] = ['postgres', 'mysql'];

/** The driver's own code for each accident: SQLSTATE where the driver has it. sql.js gives none. */
const CODES: Readonly<
  Record<'missing table' | 'syntax' | 'duplicate', Partial<Record<DatabaseName, string>>>
> = {
  'missing table': {
    'better-sqlite3': 'SQLITE_ERROR',
    pglite: '42P01',
    postgres: '42P01',
    mysql: 'ER_NO_SUCH_TABLE',
  },
  syntax: { 'better-sqlite3': 'SQLITE_ERROR', pglite: '42601', postgres: '42601', mysql: 'ER_PARSE_ERROR' },
  duplicate: {
    'better-sqlite3': 'SQLITE_CONSTRAINT_UNIQUE',
    pglite: '23505',
    postgres: '23505',
    mysql: 'ER_DUP_ENTRY',
  },
};

/** One suite for every database, and for every version of one (`npm run compatibility`). */
describe('every database', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    let dataSource: DataSource;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities, ...(hasPool() ? { poolSize: 2 } : {}) });
      await fillBlog(dataSource);
    });

    function hasPool(): boolean {
      return HAS_POOL.includes(database.name);
    }

    describe('is recorded', () => {
      const sink = new RecordingSink();
      let undo: () => void;
      beforeAll(() => {
        undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
      });
      afterAll(() => {
        undo();
        expect(sink.failures).toEqual([]);
      });

      it('with text, values, rows, times and the place in the code', async () => {
        const { queries } = await sink.unit(() => dataSource.manager.findBy(Author, { name: 'bob' }));
        expect(queries).toMatchObject([
          {
            dataSource: 'blog',
            statement: expect.stringMatching(/^SELECT/),
            values: { kept: ['bob'], count: 1 },
            rowsReturned: 1,
            callSite: { file: 'test/integration/databases/behaviour.spec.ts' },
          },
        ]);
        expect(queries[0]?.executeMs).toBeGreaterThan(0);
      });

      it('with the number of rows that a write touched', async () => {
        const { queries } = await sink.unit(() =>
          dataSource.manager.update(Author, { name: 'cid' }, { name: 'cid' }),
        );
        expect(queries).toMatchObject([{ statement: expect.stringMatching(/^UPDATE/), rowsAffected: 1 }]);
      });

      it.each([
        ['missing table', () => dataSource.query('SELECT * FROM nowhere')],
        ['syntax', () => dataSource.query('SELECT FROM WHERE')],
        ['duplicate', () => dataSource.manager.insert(Author, { name: 'ann' })],
      ] as const)('with the code of its error: %s', async (accident, work) => {
        let thrown: unknown;
        const { queries } = await sink.unit(async () => {
          await work().catch((error: unknown) => (thrown = error));
        });
        const failed = queries.filter(({ error }) => error !== undefined);
        expect(failed).toHaveLength(1);
        expect(failed[0]?.error?.code).toBe(CODES[accident][database.name]);
        expect((thrown as { code?: unknown }).code).toBe(CODES[accident][database.name]);
      });

      it('with its transaction: committed, rolled back, nested', async () => {
        const { queries } = await sink.unit(async () => {
          await dataSource.transaction(async (manager) => {
            await manager.update(Author, { name: 'ann' }, { name: 'ann' });
            await manager
              .transaction(async (inner) => {
                await inner.update(Author, { name: 'bob' }, { name: 'lost' });
                throw new Error('only the inner one');
              })
              .catch(() => undefined);
          });
          await dataSource.query('SELECT 1 AS one');
        });
        const verbs = queries.map(({ statement }) => statement.split(' ')[0]);
        expect(verbs).toEqual([
          expect.stringMatching(/BEGIN|START/),
          'UPDATE',
          'SAVEPOINT',
          'UPDATE',
          'ROLLBACK',
          'COMMIT',
          'SELECT',
        ]);
        const [outer] = queries;
        expect(outer?.transaction).toEqual(expect.any(Number));
        expect(queries.map(({ transaction }) => transaction)).toEqual([
          ...Array.from({ length: 6 }, () => outer?.transaction),
          undefined,
        ]);
        expect(await dataSource.manager.countBy(Author, { name: 'bob' })).toBe(1);
      });

      it('under its own unit, though others run at the same time', async () => {
        const names = ['ann', 'bob', 'cid'];
        const units = await Promise.all(
          names.map((name) =>
            sink.unit(async () => {
              for (let round = 0; round < 3; round++) await dataSource.manager.findBy(Author, { name });
            }),
          ),
        );
        expect(units.map(({ queries }) => queries.map(({ values }) => values.kept))).toEqual(
          names.map((name) => [[name], [name], [name]]),
        );
      });

      if (hasPool()) {
        it('with its wait for a connection, apart from its execution', async () => {
          const sleep = database.name === 'mysql' ? 'SELECT SLEEP(0.2)' : 'SELECT pg_sleep(0.2)';
          const { queries } = await sink.unit(() =>
            Promise.all([1, 2, 3].map(() => dataSource.query(sleep))),
          );
          const waits = queries.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
          // Two connections: the third statement had to wait for one of the others.
          expect(waits[2]).toBeGreaterThanOrEqual(150);
          for (const { executeMs } of queries) expect(executeMs).toBeGreaterThanOrEqual(190);
        });
      }

      if (HAS_STREAMS.includes(database.name)) {
        it('with the rows of a stream', async () => {
          const { recorder, result } = sink.open(() =>
            dataSource.createQueryBuilder(Post, 'post').orderBy('post.id').stream(),
          );
          const stream = await result;
          let rows = 0;
          for await (const _ of stream) rows++;
          if (!stream.closed) await once(stream, 'close');
          const { queries } = recorder.finish(performance.now(), () => undefined);
          expect(rows).toBe(6);
          expect(queries).toMatchObject([{ via: 'stream', rowsReturned: 6 }]);
        });
      }
    });

    describe('is judged', () => {
      let units: ObservedUnits;
      beforeAll(() => {
        units = new ObservedUnits(dataSource);
      });
      afterAll(() => {
        expect(units.failures).toEqual([]);
        units.stop();
      });
      const of = () => dataSource.manager;
      const found = (work: () => Promise<unknown>) => units.findings(work);

      it('finds lazy relations in a loop, level by level', async () => {
        const findings = await found(async () => {
          for (const author of await of().find(Author))
            for (const post of await author.posts) await post.comments;
        });
        expect(findings).toEqual(['n-plus-one Author.posts', 'n-plus-one Post.comments']);
      });

      it('finds a loop by hand', async () => {
        const findings = await found(async () => {
          for (const { id } of await of().find(Post)) await of().findBy(Comment, { post: { id } });
        });
        expect(findings).toEqual(['n-plus-one Post.comments']);
      });

      it('finds counts in a loop', async () => {
        const findings = await found(async () => {
          for (const { id } of await of().find(Post)) await of().countBy(Comment, { post: { id } });
        });
        expect(findings).toEqual(['count-per-row Post.comments']);
      });

      it('finds a statement that runs again', async () => {
        // At once: with pauses between them, which a busy machine may make, they would be polling.
        const findings = await found(() =>
          Promise.all([1, 2, 3].map(() => of().findBy(Tag, { name: 'red' }))),
        );
        expect(findings).toEqual(['duplicate-query']);
      });

      it('finds saves in a loop', async () => {
        const findings = await found(async () => {
          for (let n = 0; n < 6; n++) await of().save(of().create(Tag, { name: `new ${n}` }));
        });
        expect(findings).toEqual(['save-in-loop Tag']);
        await of().delete(
          Tag,
          (await of().find(Tag)).filter(({ name }) => name.startsWith('new')).map(({ id }) => id),
        );
      });

      it('finds rows that limit() cuts', async () => {
        const findings = await found(() =>
          of()
            .createQueryBuilder(Post, 'post')
            .leftJoinAndSelect('post.comments', 'comment')
            .orderBy('post.id')
            .limit(3)
            .getMany(),
        );
        expect(findings).toEqual(['truncated-relation Post.comments']);
      });

      it('finds the statement that fails', async () => {
        const findings = await found(() =>
          of()
            .insert(Author, { name: 'ann' })
            .catch(() => undefined),
        );
        expect(findings).toEqual(['failing-query']);
      });

      it.each([
        ['joins', () => of().find(Author, { relations: { posts: { comments: true } } })],
        [
          'the query strategy',
          () =>
            of().find(Author, { relations: { posts: { comments: true } }, relationLoadStrategy: 'query' }),
        ],
        [
          'a page with joins',
          () => of().find(Post, { relations: { comments: true }, take: 2, order: { id: 'ASC' } }),
        ],
        [
          'pages',
          async () => {
            for (let page = 0; page < 3; page++)
              await of().find(Post, { skip: page * 2, take: 2, order: { id: 'ASC' } });
          },
        ],
        ['one parent', async () => (await of().findOneByOrFail(Author, { name: 'ann' })).posts],
      ] as const)('stays silent for %s', async (_, work) => {
        expect(await found(work)).toEqual([]);
      });
    });
  });
});
