import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { dataSourceFacts } from '../../../lib/capture/typeorm/data-source-facts.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from './blog.js';
import { RecordingSink } from './recording-sink.js';

describe('connections', () => {
  describeOn(['postgres'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({
        entities: blogEntities,
        extra: { max: 1, connectionTimeoutMillis: 5_000 },
      });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
    });
    afterAll(() => {
      undo();
      expect(sink.failures).toEqual([]);
    });

    it('tells the wait for a connection from the execution', async () => {
      const unit = await sink.unit(() =>
        Promise.all([1, 2].map(() => dataSource.query('SELECT pg_sleep(0.5)'))),
      );
      const [first, second] = unit.queries;
      expect(first?.waitMs).toBeLessThan(second?.waitMs ?? 0);
      expect(first?.executeMs).toBeGreaterThanOrEqual(490);
      expect(second?.waitMs).toBeGreaterThanOrEqual(490);
      expect(second?.executeMs).toBeGreaterThanOrEqual(490);
      // Not with the wait in it.
      expect(second?.executeMs).toBeLessThan((second?.waitMs ?? 0) + 490);
    });

    it('waits once for a runner that is kept', async () => {
      const unit = await sink.unit(async () => {
        const runner = dataSource.createQueryRunner();
        await runner.query('SELECT 1');
        await runner.query('SELECT 2');
        await runner.release();
      });
      expect(unit.queries[1]?.waitMs).toBe(0);
      expect(unit.queries[0]?.runner).toBe(unit.queries[1]?.runner);
    });

    it('records a statement that got no connection at all', async () => {
      const runner = dataSource.createQueryRunner();
      await runner.connect();
      let seen: unknown;
      const unit = await sink.unit(async () => {
        seen = await dataSource.query('SELECT 1').catch((error: unknown) => error);
      });
      await runner.release();
      expect(String(seen)).toMatch(/timeout exceeded/);
      expect(unit.queries).toHaveLength(1);
      expect(unit.queries[0]?.error?.message).toMatch(/timeout exceeded/);
      expect(unit.queries[0]?.waitMs).toBeGreaterThanOrEqual(900);
      expect(unit.queries[0]?.executeMs).toBeLessThan(unit.queries[0]?.waitMs ?? 0);
    });

    it('counts the rows of a stream without starting it', async () => {
      const { recorder, result } = sink.open(() =>
        dataSource.manager.createQueryBuilder(Author, 'author').orderBy('author.id').stream(),
      );
      const stream = await result;
      // TypeORM's own, which releases the runner.
      expect([stream.listenerCount('data'), stream.listenerCount('error')]).toEqual([0, 1]);
      expect(recorder.openStatements).toBe(1);
      const names: string[] = [];
      for await (const row of stream as AsyncIterable<{ author_name: string }>) names.push(row.author_name);
      expect(names).toEqual(['ann', 'bob', 'cid']);
      if (!stream.closed) await once(stream, 'close');
      expect(recorder.openStatements).toBe(0);
      const unit = recorder.finish(performance.now(), () => undefined);
      expect(unit.queries).toMatchObject([{ via: 'stream', rowsReturned: 3, error: undefined }]);
      expect(Object.keys(stream)).not.toContain('push');
    });

    it('records the error of a stream that the host sees', async () => {
      const { recorder, result } = sink.open(() => {
        const runner = dataSource.createQueryRunner();
        return runner
          .stream('SELECT 1 / (3 - n) FROM generate_series(1, 5) AS n')
          .then((stream) => ({ stream, runner }));
      });
      const { stream, runner } = await result;
      const read = async () => {
        for await (const row of stream) expect(row).toBeDefined();
      };
      await expect(read()).rejects.toThrow(/division by zero/);
      if (!stream.closed) await once(stream, 'close');
      await runner.release();
      const unit = recorder.finish(performance.now(), () => undefined);
      expect(unit.queries[0]?.error).toMatchObject({ code: '22012' });
    });

    it('knows the pool and the database', () => {
      expect(dataSourceFacts(dataSource, 'default')).toMatchObject({
        driver: 'postgres',
        poolSize: 1,
        isReplicated: false,
        database: expect.any(String),
      });
    });
  });
});

describe('a replicated data source', () => {
  describeOn(['postgres'], (database) => {
    it('says which server a statement went to', async () => {
      const { url } = database.options() as { url: string };
      const options = database.options({ entities: [] });
      const dataSource = await database.open({
        entities: [],
        ...({ replication: { master: { url }, slaves: [{ url }] } } as object),
      });
      expect(options.type).toBe('postgres');
      const sink = new RecordingSink();
      const undo = instrumentDataSource(dataSource, sink);
      const unit = await sink.unit(async () => {
        await dataSource.query('SELECT 1');
        await dataSource.createQueryBuilder().select('1').from('pg_class', 'c').limit(1).getRawMany();
      });
      undo();
      expect(unit.queries.map((query) => query.server)).toEqual(['primary', 'replica']);
    });
  });
});
