import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from './blog.js';
import { RecordingSink } from './recording-sink.js';

describe('transactions', () => {
  describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
    });
    afterAll(() => {
      undo();
      expect(sink.failures).toEqual([]);
    });

    it('are recorded with what the code began, and where', async () => {
      const unit = await sink.unit(() =>
        dataSource.transaction(async (manager) => {
          await manager.count(Author);
          await manager.count(Author);
        }),
      );
      expect(unit.transactions).toMatchObject([
        { kind: 'transaction', dataSource: 'default', outcome: 'committed', statements: 2, savepoints: 0 },
      ]);
      const [transaction] = unit.transactions;
      expect(transaction?.load).toBeUndefined();
      expect(transaction?.callSite?.file).toMatch(/transactions\.spec\.ts$/);
      expect(unit.queries.filter((query) => query.transaction === transaction?.id)).toHaveLength(4);
    });

    it('know how long nothing ran in them, and when', async () => {
      const unit = await sink.unit(() =>
        dataSource.transaction(async (manager) => {
          await manager.count(Author);
          await sleep(150);
          await manager.count(Author);
        }),
      );
      const [transaction] = unit.transactions;
      expect(transaction?.idleMs).toBeGreaterThanOrEqual(145);
      expect(transaction?.durationMs).toBeGreaterThanOrEqual(transaction?.idleMs ?? 0);
      const longest = Math.max(...(transaction?.gaps ?? []).map(({ durationMs }) => durationMs));
      expect(longest).toBeGreaterThanOrEqual(145);
      const [, first, second] = unit.queries;
      const gap = transaction?.gaps.find(({ durationMs }) => durationMs === longest);
      expect(gap?.startMs).toBeGreaterThanOrEqual(first?.startMs ?? Infinity);
      expect((gap?.startMs ?? 0) + longest).toBeLessThanOrEqual((second?.startMs ?? 0) + 1);
    });

    it('belong to the save() that began them', async () => {
      const unit = await sink.unit(() => dataSource.manager.save(Author, { name: 'dan' }));
      const [transaction] = unit.transactions;
      expect(transaction).toMatchObject({ outcome: 'committed', statements: 1 });
      expect(unit.loads.find(({ id }) => id === transaction?.load)).toMatchObject({ kind: 'persist' });
      expect(transaction?.callSite?.file).toMatch(/transactions\.spec\.ts$/);
    });

    it('are rolled back when the code throws', async () => {
      const unit = await sink.unit(() =>
        dataSource
          .transaction(async (manager) => {
            await manager.count(Author);
            throw new Error('no');
          })
          .catch(() => undefined),
      );
      expect(unit.transactions).toMatchObject([{ outcome: 'rolled-back', error: undefined, statements: 1 }]);
    });

    it('count what is nested as savepoints', async () => {
      const unit = await sink.unit(() =>
        dataSource.transaction(async (manager) => {
          await manager.transaction((inner) => inner.count(Author));
          await manager.transaction(() => Promise.reject(new Error('inner'))).catch(() => undefined);
          await manager.count(Author);
        }),
      );
      expect(unit.transactions).toMatchObject([{ outcome: 'committed', statements: 2, savepoints: 2 }]);
    });

    it('are none of a unit that ran none', async () => {
      const unit = await sink.unit(() => dataSource.manager.count(Author));
      expect(unit.transactions).toEqual([]);
    });
  });

  describeOn(['postgres'], (database) => {
    const sink = new RecordingSink();

    it('know the isolation level, and why COMMIT failed', async () => {
      const dataSource = await database.open({ entities: [] });
      await dataSource.query('CREATE TABLE parent (id int PRIMARY KEY)');
      await dataSource.query(
        'CREATE TABLE child (parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
      );
      const undo = instrumentDataSource(dataSource, sink);
      const unit = await sink.unit(() =>
        dataSource
          .transaction('SERIALIZABLE', (manager) => manager.query('INSERT INTO child VALUES (1)'))
          .catch(() => undefined),
      );
      undo();
      expect(unit.transactions).toMatchObject([
        { isolation: 'SERIALIZABLE', outcome: 'rolled-back', error: { code: '23503' }, statements: 1 },
      ]);
      expect(sink.failures).toEqual([]);
    });

    it('leave the wait for a connection out', async () => {
      const dataSource = await database.open({ entities: [], extra: { max: 1 } });
      const undo = instrumentDataSource(dataSource, sink);
      const unit = await sink.unit(() =>
        Promise.all([
          dataSource.query('SELECT pg_sleep(0.2)'),
          dataSource.transaction((manager) => manager.query('SELECT 1')),
        ]),
      );
      undo();
      expect(unit.transactions[0]?.startMs).toBeGreaterThanOrEqual(190);
      const wait = unit.queries.find(({ transaction }) => transaction !== undefined)?.waitMs ?? 0;
      expect(wait).toBeGreaterThanOrEqual(190);
    });
  });
});
