import { describe, expect, it } from '@jest/globals';
import type { DataSource, QueryRunner } from 'typeorm';
import { poolGauges } from '../../../lib/capture/typeorm/pool-gauges.js';
import { isPoolFull } from '../../../lib/record/pool-gauge.js';
import { describeOn, type TestDatabase } from '../../databases.js';

const size = { postgres: { extra: { max: 2 } }, mysql: { poolSize: 2 } } as const;

describe('pool gauges', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    const options = size[database.name as keyof typeof size];

    it('are read off the pool: free, handed out, waited for', async () => {
      const dataSource = await database.open({ entities: [], ...options });
      await dataSource.query('SELECT 1');
      expect(poolGauges(dataSource.driver)).toEqual([
        { server: 'primary', name: 'primary', size: 2, open: 1, idle: 1, inUse: 0, waiting: 0 },
      ]);
      const held = await hold(dataSource, 2);
      const waiting = [1, 2, 3].map(() => dataSource.query('SELECT 1'));
      expect(poolGauges(dataSource.driver)).toMatchObject([{ open: 2, idle: 0, inUse: 2, waiting: 3 }]);
      expect(poolGauges(dataSource.driver).map(isPoolFull)).toEqual([true]);
      await release(held);
      await Promise.all(waiting);
      expect(poolGauges(dataSource.driver)).toMatchObject([{ open: 2, idle: 2, inUse: 0, waiting: 0 }]);
      expect(poolGauges(dataSource.driver).map(isPoolFull)).toEqual([false]);
    });

    it('count a request that a free connection serves in the next tick as served', async () => {
      const dataSource = await database.open({ entities: [], ...options });
      await dataSource.query('SELECT 1');
      const answer = dataSource.query('SELECT 1');
      expect(poolGauges(dataSource.driver)).toMatchObject([{ waiting: 0 }]);
      await answer;
    });

    it('are not there before the data source is open, and after it is closed', async () => {
      const dataSource = await database.open({ entities: [], ...options });
      await dataSource.destroy();
      expect(poolGauges(dataSource.driver)).toEqual([]);
    });

    it('tell replicas apart', async () => {
      const dataSource = await replicated(database);
      const runner = dataSource.createQueryRunner('slave');
      await runner.connect();
      const gauges = poolGauges(dataSource.driver);
      expect(gauges.map(({ name, server }) => [name, server])).toEqual([
        ['primary', 'primary'],
        ['replica 1', 'replica'],
        ['replica 2', 'replica'],
      ]);
      expect(gauges[0]?.inUse).toBe(0);
      expect(gauges.filter(({ inUse }) => inUse === 1)).toHaveLength(1);
      await runner.release();
    });
  });

  describeOn(['sqljs'], (database) => {
    it('are not there where there is no pool', async () => {
      const dataSource = await database.open({ entities: [] });
      expect(poolGauges(dataSource.driver)).toEqual([]);
    });
  });
});

async function hold(dataSource: DataSource, connections: number): Promise<QueryRunner[]> {
  const runners = Array.from({ length: connections }, () => dataSource.createQueryRunner());
  for (const runner of runners) await runner.connect();
  return runners;
}

async function release(runners: readonly QueryRunner[]): Promise<void> {
  for (const runner of runners) await runner.release();
}

/** The same server three times: enough to see which pool a connection comes from. */
function replicated(database: TestDatabase): Promise<DataSource> {
  const { url } = database.options() as { url: string };
  const replication = { master: { url }, slaves: [{ url }, { url }] };
  return database.open({
    entities: [],
    synchronize: false,
    dropSchema: false,
    ...({ replication } as object),
  });
}
