import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { createCallSiteResolver } from '../../../lib/capture/call-site.js';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog, Post } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import type { ReceivedSpan } from './otlp-receiver.js';
import { childrenOf, spanNamed, tree } from './span-tree.js';
import { telemetryWith } from './telemetry-with.js';

const SYSTEMS = { sqlite: 'sqlite', postgres: 'postgresql', mysql: 'mysql' } as const;

describe('statement spans', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    const locate = createCallSiteResolver((file) => /recording-sink|exporting-sdk/.test(file));
    const sink = new RecordingSink(telemetryWith({ parameters: ['0'] }, { locate }));
    let dataSource: DataSource;
    let undo: () => void;
    const quote = (name: string) => (database.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);
    const during = (work: () => Promise<unknown>) => sdk.during(() => sink.unit(work, 'read posts'));

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

    it('say what a read of one entity does, below the span that was active', async () => {
      const everything = await during(async () => {
        await dataSource.getRepository(Author).find({ where: { name: 'ann' } });
      });
      // A busy machine waits for connections.
      const spans = everything.filter(({ name }) => name !== 'connection.acquire');
      const span = spanNamed(spans, /^SELECT/);
      expect(tree(spans)).toEqual(['INTERNAL request', `  CLIENT SELECT ${quote('author')}`]);
      expect(span.scope).toBe('nestjs-query-lens');
      expect(span.attributes).toMatchObject({
        'db.system.name': SYSTEMS[database.dialect],
        'db.query.summary': `SELECT ${quote('author')}`,
        'db.operation.name': 'find',
        'db.collection.name': 'author',
        'db.query.parameter.0': 'ann',
        'db.response.returned_rows': 1,
        'query_lens.data_source': 'blog',
        'query_lens.unit.kind': 'observed',
        'query_lens.unit.name': 'read posts',
        'query_lens.repeat': 1,
        'code.file.path': import.meta.filename,
      });
      expect(span.attributes['db.query.text']).toMatch(/^SELECT .* WHERE .*(\$1|\?)/);
      expect(span.attributes['code.function.name']).toEqual(expect.any(String));
      expect(span.types).toMatchObject({
        'db.response.returned_rows': 'intValue',
        'query_lens.repeat': 'intValue',
        'code.line.number': 'intValue',
      });
      expect(span.status.code).toBe(0);
    });

    it('lie within the span around them, to the millisecond', async () => {
      const spans = await during(() => dataSource.getRepository(Post).find());
      const outer = spanNamed(spans, 'request');
      for (const { start, end } of childrenOf(spans, outer.spanId)) {
        expect(end).toBeGreaterThan(start);
        expect(start).toBeGreaterThan(outer.start - 1_000_000n);
        expect(end).toBeLessThan(outer.end + 1_000_000n);
      }
    });

    it('count repetitions and name the relation of a lazy load', async () => {
      const spans = await during(async () => {
        for (const author of await dataSource.getRepository(Author).find()) await author.posts;
      });
      const loads = spans
        .filter(({ attributes }) => attributes['query_lens.relation'] === 'Author.posts')
        .map(({ attributes }) => attributes);
      expect(loads.map((attributes) => attributes['query_lens.repeat'])).toEqual([1, 2, 3]);
      expect(loads[0]).toMatchObject({
        'query_lens.loading_strategy': 'lazy',
        'query_lens.parent_batch_size': 3,
      });
    });

    it('mask literals where there are no parameters', async () => {
      const spans = await during(() =>
        dataSource.query(`SELECT id FROM author WHERE name = 'ann' AND id < 4711`),
      );
      const { attributes, name } = spanNamed(spans, /^SELECT/);
      expect(name).toBe('SELECT author');
      expect(attributes['db.query.text']).toBe('SELECT id FROM author WHERE name = ? AND id < ?');
      expect(attributes).not.toHaveProperty(['db.collection.name']);
      expect(attributes).not.toHaveProperty(['db.operation.name']);
    });

    it('say why a statement failed, in the words of the server and without values', async () => {
      const spans = await during(() =>
        dataSource
          .getRepository(Author)
          .insert({ name: 'ann' })
          .catch(() => undefined),
      );
      const span = spanNamed(spans, /^INSERT/);
      const { status, attributes } = span;
      expect(status.code).toBe(2);
      expect(status.message).not.toContain('ann');
      expect(attributes['error.type']).toBe(DUPLICATE[database.name]!.type);
      expect(attributes['db.response.status_code']).toBe(DUPLICATE[database.name]!.status);
    });

    it('keep every statement of a busy process under its own parent', async () => {
      const count = database.name === 'postgres' ? 100 : 10;
      const spans = await many(count, 50, () => dataSource.getRepository(Author).findOneBy({ id: 1 }));
      const requests = spans.filter(({ name }) => name.startsWith('request '));
      expect(requests).toHaveLength(count);
      expect(spans.filter(({ kind }) => kind === 'CLIENT')).toHaveLength(count * 50);
      for (const request of requests) {
        const children = childrenOf(spans, request.spanId);
        expect(children.filter(({ name }) => name.startsWith('SELECT'))).toHaveLength(50);
        expect(new Set(children.map(({ traceId }) => traceId))).toEqual(new Set([request.traceId]));
      }
    }, 300_000);

    async function many(
      requests: number,
      statements: number,
      work: () => Promise<unknown>,
    ): Promise<readonly ReceivedSpan[]> {
      await sdk.exported();
      sdk.receiver.clear();
      const all = Array.from({ length: requests }, (_, request) =>
        sdk.tracer.startActiveSpan(`request ${request}`, async (span) => {
          await sink.unit(() => Promise.all(Array.from({ length: statements }, work)));
          span.end();
        }),
      );
      await Promise.all(all);
      return sdk.exported();
    }
  });
});

/** What each server says of a second author of the same name. */
const DUPLICATE: Record<string, { type: string; status?: string }> = {
  sqljs: { type: 'Error' },
  'better-sqlite3': { type: 'SQLITE_CONSTRAINT_UNIQUE', status: 'SQLITE_CONSTRAINT_UNIQUE' },
  pglite: { type: '23505', status: '23505' },
  postgres: { type: '23505', status: '23505' },
  mysql: { type: '1062', status: '1062' },
};
