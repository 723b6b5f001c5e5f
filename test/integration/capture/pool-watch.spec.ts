import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { newlyIdle, poolSnapshot } from '../../../lib/capture/typeorm/pool-snapshot.js';
import { createCallSiteResolver } from '../../../lib/capture/call-site.js';
import { describeOn, type TestDatabase } from '../../databases.js';
import { RecordingSink } from './recording-sink.js';

const size = { postgres: { extra: { max: 2 } }, mysql: { poolSize: 2 } } as const;
const SLEEP = { postgres: 'SELECT pg_sleep(0.25)', mysql: 'SELECT SLEEP(0.25)' } as const;
const locate = createCallSiteResolver();

describe('a pool that is watched', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    const kind = database.name as 'postgres' | 'mysql';

    it('tells who waited for whom when it is full', async () => {
      await observed(database, async (dataSource, sink) => {
        const holder = sink.unit(
          () => Promise.all([1, 2].map(() => dataSource.query(SLEEP[kind]))),
          'holder',
        );
        const waiter = await sink.unit(() => dataSource.query('SELECT 1'), 'waiter');
        await holder;
        const [use] = waiter.pools;
        expect(use).toMatchObject({ dataSource: 'default', server: 'primary' });
        expect(use?.waitsMs).toHaveLength(1);
        const [request] = use?.requests ?? [];
        expect(request?.waitMs).toBeGreaterThanOrEqual(100);
        expect(request).toMatchObject({ own: 0, holders: [{ unit: 'holder', connections: 2, idle: 0 }] });
        expect(request?.holders[0]?.callSite?.file).toMatch(/pool-watch\.spec\.ts$/);
        expect(use?.saturations).toMatchObject([
          { size: 2, requests: 1, maxWaiting: 1, refused: 0, waiters: [{ unit: 'waiter', connections: 1 }] },
        ]);
      });
    });

    it('tells a unit that it holds the connections itself', async () => {
      await observed(database, async (dataSource, sink) => {
        const unit = await sink.unit(() => Promise.all([1, 2, 3].map(() => dataSource.query(SLEEP[kind]))));
        expect(unit.pools[0]?.waitsMs).toHaveLength(3);
        expect(unit.pools[0]?.requests).toMatchObject([{ size: 2, own: 2, ownInTransaction: 0 }]);
      });
    });

    it('tells a unit that waits for a second connection from within its transaction', async () => {
      await observed(database, async (dataSource, sink) => {
        const other = dataSource.createQueryRunner();
        await other.connect();
        const unit = await sink.unit(() =>
          dataSource.transaction(async (manager) => {
            await manager.query('SELECT 1');
            const second = dataSource.query('SELECT 2');
            await sleep(50);
            await other.release();
            await second;
          }),
        );
        expect(unit.pools[0]?.requests).toMatchObject([{ own: 1, ownInTransaction: 1 }]);
      });
    });

    it('says nothing of requests that a free connection served', async () => {
      await observed(database, async (dataSource, sink) => {
        const unit = await sink.unit(async () => {
          for (let n = 0; n < 5; n++) await dataSource.query('SELECT 1');
        });
        expect(unit.pools).toMatchObject([{ requests: [], saturations: [] }]);
        expect(unit.pools[0]?.waitsMs).toHaveLength(5);
      });
    });

    it('knows connections that are held and not used, each once, with the place that took them', async () => {
      await observed(database, async (dataSource, sink) => {
        const runner = dataSource.createQueryRunner();
        await sink.unit(async () => {
          await runner.connect();
          await runner.startTransaction();
          await runner.query('SELECT 1');
        }, 'leaker');
        await sleep(20);
        const [idle, ...others] = newlyIdle(dataSource, locate, 10);
        expect(others).toEqual([]);
        expect(idle).toMatchObject({ unit: 'leaker', isInTransaction: true, isOnPurpose: false });
        expect(idle?.callSite?.file).toMatch(/pool-watch\.spec\.ts$/);
        expect(newlyIdle(dataSource, locate, 10)).toEqual([]);
        expect(poolSnapshot(dataSource, locate, 10).idle).toHaveLength(1);
        expect(poolSnapshot(dataSource, locate, 600_000).idle).toEqual([]);
        await runner.rollbackTransaction();
        await runner.release();
        expect(poolSnapshot(dataSource, locate, 0).idle).toEqual([]);
        expect(poolSnapshot(dataSource, locate, 0).holders.primary).toEqual([]);
      });
    });

    it('records a transaction whose connection was given back in the middle of it', async () => {
      await observed(database, async (dataSource, sink) => {
        const unit = await sink.unit(async () => {
          const runner = dataSource.createQueryRunner();
          await runner.startTransaction();
          await runner.query('SELECT 1');
          await runner.release();
        });
        expect(unit.transactions).toMatchObject([{ outcome: 'abandoned', statements: 1 }]);
      });
    });

    it('holds nothing any more once the data source is closed', async () => {
      await observed(database, async (dataSource, sink) => {
        const runner = dataSource.createQueryRunner();
        await sink.unit(() => runner.connect());
        await runner.release();
        await dataSource.destroy();
        expect(poolSnapshot(dataSource, locate, 0)).toMatchObject({ gauges: [], idle: [] });
      });
    });
  });

  describeOn(['postgres'], (database) => {
    it('tells a request that got no connection', async () => {
      await observed(
        database,
        async (dataSource, sink) => {
          const held = dataSource.createQueryRunner();
          await sink.unit(() => held.connect(), 'holder');
          const unit = await sink.unit(() => dataSource.query('SELECT 1').catch(() => undefined), 'refused');
          await held.release();
          expect(unit.pools[0]?.requests).toMatchObject([
            { error: { message: expect.stringMatching(/timeout/) }, holders: [{ unit: 'holder', idle: 1 }] },
          ]);
          expect(unit.pools[0]?.saturations).toMatchObject([{ refused: 1, requests: 1 }]);
        },
        { extra: { max: 1, connectionTimeoutMillis: 5_000 } },
      );
    });
  });

  describeOn(['sqljs'], (database) => {
    it('costs nothing where there is no pool', async () => {
      await observed(database, async (dataSource, sink) => {
        const unit = await sink.unit(() => dataSource.query('SELECT 1'));
        expect(unit.pools).toEqual([]);
      });
    });
  });
});

async function observed(
  database: TestDatabase,
  work: (dataSource: DataSource, sink: RecordingSink) => Promise<void>,
  options: object = (size as Readonly<Record<string, object>>)[database.name] ?? {},
): Promise<void> {
  const sink = new RecordingSink();
  const dataSource = await database.open({ entities: [], ...options });
  const undo = instrumentDataSource(dataSource, sink);
  // Both connections are open: what follows waits for a holder, never for a connection to open.
  await Promise.all([1, 2].map(() => dataSource.query('SELECT 1')));
  sink.drain();
  await work(dataSource, sink);
  undo();
  expect(sink.failures).toEqual([]);
}
