import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import { childrenOf, spanNamed, tree } from './span-tree.js';
import { telemetryWith } from './telemetry-with.js';

describe('spans around statements', () => {
  describeOn(['sqljs', 'better-sqlite3', 'postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    const sink = new RecordingSink(telemetryWith());
    let dataSource: DataSource;
    let undo: () => void;
    const author = database.dialect === 'mysql' ? '`author`' : '"author"';
    const begin = database.dialect === 'sqlite' ? 'BEGIN' : 'START TRANSACTION';
    const during = async (work: () => Promise<unknown>) => {
      const spans = await sdk.during(() => sink.unit(work));
      // A busy machine waits for connections.
      return spans.filter(({ name }) => name !== 'connection.acquire');
    };

    beforeAll(async () => {
      await sdk.start();
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(async () => {
      undo();
      expect(sink.failures).toEqual([]);
      await sdk.stop();
    });

    it('hold a transaction, whose statements are counted', async () => {
      const spans = await during(() =>
        dataSource.transaction(async (manager) => {
          await manager.findOneBy(Author, { id: 1 });
          await manager.insert(Author, { name: 'new' });
        }),
      );
      expect(tree(spans)).toEqual([
        'INTERNAL request',
        '  INTERNAL transaction',
        `    CLIENT ${begin}`,
        `    CLIENT SELECT ${author}`,
        `    CLIENT INSERT ${author}`,
        '    CLIENT COMMIT',
      ]);
      const transaction = spanNamed(spans, 'transaction');
      const { 'query_lens.transaction.id': id, ...attributes } = transaction.attributes;
      expect(attributes).toMatchObject({
        'query_lens.transaction.outcome': 'committed',
        'query_lens.statements': 2,
        'query_lens.transaction.idle_share': expect.any(Number),
      });
      const children = childrenOf(spans, transaction.spanId);
      expect(children.map(({ attributes }) => attributes['query_lens.transaction.id'])).toEqual([
        id,
        id,
        id,
        id,
      ]);
      expect(children.map(({ attributes }) => attributes['query_lens.transaction.position'])).toEqual([
        undefined,
        1,
        2,
        undefined,
      ]);
      expect(transaction.end).toBeGreaterThanOrEqual(children.at(-1)!.end);
    });

    it('say that a transaction was rolled back', async () => {
      const failure = new Error('the application changed its mind');
      const spans = await during(() =>
        dataSource
          .transaction(async (manager) => {
            await manager.insert(Author, { name: 'never' });
            throw failure;
          })
          .catch((error: unknown) => {
            expect(error).toBe(failure);
          }),
      );
      expect(spanNamed(spans, 'transaction').attributes['query_lens.transaction.outcome']).toBe(
        'rolled-back',
      );
      expect(tree(spans).at(-1)).toBe('    CLIENT ROLLBACK');
    });

    it('leave a statement below the span that the application began in a transaction', async () => {
      const spans = await during(() =>
        dataSource.transaction((manager) =>
          sdk.tracer.startActiveSpan('own', async (span) => {
            await manager.findOneBy(Author, { id: 1 });
            span.end();
          }),
        ),
      );
      expect(tree(spans)).toContain('  INTERNAL own');
      expect(tree(spans)).toContain(`    CLIENT SELECT ${author}`);
    });

    it('hold the statements of a relation that takes several', async () => {
      const spans = await during(() =>
        dataSource
          .getRepository(Author)
          .find({ relations: { posts: { comments: true } }, relationLoadStrategy: 'query' }),
      );
      const relation = spanNamed(spans, 'Author.posts');
      expect(relation.kind).toBe('INTERNAL');
      expect(relation.attributes).toMatchObject({
        'query_lens.relation': 'Author.posts',
        'query_lens.loading_strategy': 'query',
        'query_lens.parent_batch_size': 4,
      });
      const statements = childrenOf(spans, relation.spanId);
      expect(statements.map(({ attributes }) => attributes['query_lens.relation'])).toEqual(
        expect.arrayContaining(['Author.posts', 'Post.comments', 'Post.category']),
      );
      expect(spans.filter(({ kind, parentSpanId }) => kind === 'INTERNAL' && parentSpanId !== '')).toEqual([
        relation,
      ]);
    });

    it('show the operation of a save on the statements of its own table', async () => {
      const spans = await during(() => dataSource.manager.save(Author, { name: 'saved' }));
      const insert = spanNamed(spans, /^INSERT/);
      expect(insert.attributes).toMatchObject({
        'db.operation.name': 'save',
        'db.collection.name': 'author',
      });
      expect(spanNamed(spans, 'COMMIT').attributes).not.toHaveProperty(['db.operation.name']);
    });
  });

  describeOn(['postgres'], (database) => {
    const sdk = new ExportingSdk();
    const sink = new RecordingSink(telemetryWith());
    let dataSource: DataSource;

    beforeAll(async () => {
      await sdk.start();
      dataSource = await database.open({ entities: blogEntities, poolSize: 1 });
      await fillBlog(dataSource);
      instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(() => sdk.stop());

    it('show how long a statement waited for a connection', async () => {
      const spans = await sdk.during(() =>
        sink.unit(() =>
          Promise.all([
            dataSource.query('SELECT pg_sleep(0.05)'),
            dataSource.getRepository(Author).findOneBy({ id: 1 }),
          ]),
        ),
      );
      const read = spanNamed(spans, 'SELECT "author"');
      const [wait, ...others] = childrenOf(spans, read.spanId);
      expect(others).toEqual([]);
      expect(wait).toMatchObject({ name: 'connection.acquire', kind: 'INTERNAL' });
      expect(wait!.attributes).toMatchObject({ 'db.system.name': 'postgresql' });
      expect(read.attributes['query_lens.wait_ms']).toBeGreaterThan(40);
    });
  });

  describeOn(['postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    const sink = new RecordingSink(telemetryWith());
    const author = database.dialect === 'mysql' ? '`author`' : '"author"';
    let dataSource: DataSource;

    beforeAll(async () => {
      await sdk.start();
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(() => sdk.stop());

    it('last as long as a stream of rows, where the statement has long answered', async () => {
      const spans = await sdk.during(() =>
        sink.unit(async () => {
          const rows = await dataSource.getRepository(Author).createQueryBuilder('author').stream();
          const closed = new Promise<void>((resolve) => {
            rows.once('close', () => {
              resolve();
            });
          });
          for await (const _row of rows) await Promise.resolve();
          await closed;
        }),
      );
      const stream = spanNamed(spans, 'stream');
      const [statement] = childrenOf(spans, stream.spanId);
      expect(statement).toMatchObject({ name: `SELECT ${author}`, kind: 'CLIENT' });
      expect(stream.end).toBeGreaterThan(statement!.end);
      expect(stream.attributes['query_lens.rows']).toBe(3);
    });
  });
});
