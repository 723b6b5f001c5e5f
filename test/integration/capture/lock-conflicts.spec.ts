import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { transactionReports, lockConflictReports } from '../../../lib/report/transactions.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from './blog.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

describe('lock conflicts', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    it('a deadlock is grouped by the statement that lost it, retried or not, with its place', async () => {
      const { units, statistics, dataSource } = await observed();
      const { analysed, findings } = await units.run(() => deadlock(dataSource));
      statistics.add(analysed, findings);
      units.stop();
      expect(units.failures).toEqual([]);
      const code = database.name === 'postgres' ? '40P01' : 'ER_LOCK_DEADLOCK';
      expect(lockConflictReports(statistics)).toMatchObject([
        { conflict: 'deadlock', code, count: 1, tables: ['author'], routes: ['GET /scenario'] },
      ]);
      expect(lockConflictReports(statistics)[0]?.callSites[0]?.file).toMatch(/lock-conflicts\.spec\.ts$/);
      const [transactions] = transactionReports(statistics);
      expect(transactions).toMatchObject({
        count: 2,
        committed: 1,
        rolledBack: 1,
        causes: [{ code, count: 1 }],
      });
    });

    it('so is a lock that was not free in time', async () => {
      const { units, statistics, dataSource } = await observed();
      const { analysed, findings } = await units.run(() => lockTimeout(dataSource));
      statistics.add(analysed, findings);
      units.stop();
      const code = database.name === 'postgres' ? '55P03' : 'ER_LOCK_WAIT_TIMEOUT';
      expect(lockConflictReports(statistics)).toMatchObject([{ conflict: 'lock-timeout', code, count: 1 }]);
    });

    async function observed() {
      const dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      return { dataSource, units: new ObservedUnits(dataSource), statistics: new Statistics() };
    }
  });
});

/** Two transactions that take two rows in opposite order, each once the other has its first. */
async function deadlock(dataSource: DataSource): Promise<void> {
  const [first, second] = await dataSource.manager.find(Author, { order: { id: 'ASC' }, take: 2 });
  let arrived = 0;
  let open = (): void => undefined;
  const both = new Promise<void>((resolve) => (open = resolve));
  const take = (one: Author, other: Author) =>
    dataSource
      .transaction(async (manager) => {
        await manager.increment(Author, { id: one.id }, 'id', 0);
        if (++arrived === 2) open();
        await both;
        await manager.increment(Author, { id: other.id }, 'id', 0);
      })
      .catch(() => undefined);
  if (first === undefined || second === undefined) throw new Error('no authors');
  await Promise.all([take(first, second), take(second, first)]);
}

async function lockTimeout(dataSource: DataSource): Promise<void> {
  const isPostgres = dataSource.options.type === 'postgres';
  const lock = isPostgres ? `SET LOCAL lock_timeout = '100ms'` : 'SET innodb_lock_wait_timeout = 1';
  await dataSource.transaction(async (holder) => {
    await holder.increment(Author, { id: 1 }, 'id', 0);
    await dataSource
      .transaction(async (manager) => {
        await manager.query(lock);
        await manager.increment(Author, { id: 1 }, 'id', 0);
      })
      .catch(() => undefined);
  });
}
