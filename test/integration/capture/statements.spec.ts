import { describe, expect, it, beforeAll, afterAll } from '@jest/globals';
import { QueryFailedError, type DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from './blog.js';
import { RecordingSink } from './recording-sink.js';

describe('statements', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
    });
    afterAll(() => {
      undo();
      expect(sink.failures).toEqual([]);
    });

    it('records a find with its rows, values and times', async () => {
      const unit = await sink.unit(() => dataSource.manager.findBy(Author, { name: 'ann' }));
      expect(unit.queries).toHaveLength(1);
      expect(unit.queries[0]).toMatchObject({
        kind: 'query',
        sequence: 0,
        dataSource: 'blog',
        statement: expect.stringContaining('SELECT'),
        values: { kept: ['ann'], count: 1 },
        via: 'query',
        rowsReturned: 1,
        load: 1,
      });
      expect(unit.queries[0]?.rowSample).toHaveLength(1);
      expect(unit.queries[0]?.executeMs).toBeGreaterThan(0);
      expect(unit.queries[0]?.callSite).toMatchObject({
        file: 'test/integration/capture/statements.spec.ts',
      });
    });

    it('records the bytes that came back, where the driver has a socket', async () => {
      const some = () => dataSource.manager.findBy(Author, { name: 'ann' });
      await some();
      const unit = await sink.unit(async () => {
        await some();
        await dataSource.query(`SELECT '${'x'.repeat(5_000)}' AS filler`);
        await some();
      });
      const bytes = unit.queries.map((query) => query.bytes);
      if (database.name !== 'postgres' && database.name !== 'mysql') {
        expect(bytes).toEqual([undefined, undefined, undefined]);
        return;
      }
      const [first = 0, long = 0, last] = bytes;
      expect(first).toBeGreaterThan(20);
      expect(first).toBeLessThan(2_000);
      expect(long).toBeGreaterThan(5_000);
      expect(long).toBeLessThan(6_000);
      expect(last).toBe(first);
    });

    it('records the statements of a transaction under one transaction', async () => {
      const unit = await sink.unit(() =>
        dataSource.transaction(async (manager) => {
          await manager.update(Author, { name: 'bob' }, { name: 'bobby' });
          await manager.update(Author, { name: 'bobby' }, { name: 'bob' });
        }),
      );
      const [first] = unit.queries;
      expect(unit.queries.map((query) => query.statement.split(' ')[0])).toEqual([
        expect.stringMatching(/BEGIN|START/),
        'UPDATE',
        'UPDATE',
        'COMMIT',
      ]);
      expect(first?.transaction).toEqual(expect.any(Number));
      expect(new Set(unit.queries.map((query) => query.transaction)).size).toBe(1);
      const after = await sink.unit(() => dataSource.query('SELECT 1 AS one'));
      expect(after.queries[0]?.transaction).toBeUndefined();
      if (database.name !== 'better-sqlite3' && database.name !== 'sqljs')
        expect(unit.queries[1]?.rowsAffected).toBe(1);
    });

    it('records the error of the driver and lets the host see its own', async () => {
      let seen: unknown;
      const unit = await sink.unit(async () => {
        try {
          await dataSource.manager.insert(Author, { name: 'ann' });
        } catch (error) {
          seen = error;
        }
      });
      expect(seen).toBeInstanceOf(QueryFailedError);
      const failed = unit.queries.find((query) => query.error !== undefined);
      const expected = {
        sqljs: { type: 'Error', code: undefined },
        'better-sqlite3': { type: 'SqliteError', code: 'SQLITE_CONSTRAINT_UNIQUE' },
        pglite: { type: expect.any(String), code: '23505' },
        postgres: { type: 'DatabaseError', code: '23505' },
        mysql: { code: 'ER_DUP_ENTRY' },
      }[database.name];
      expect(failed?.error).toMatchObject(expected);
      expect(String(failed?.error?.message)).toMatch(/unique|duplicate/i);
    });
  });
});
