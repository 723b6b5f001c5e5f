import { beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import { describeOn } from '../../databases.js';
import { openExplainer } from './rows.js';

const TEXT = 'SELECT * FROM flights WHERE origin = $1';

describeOn(['postgres'], (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open();
    await dataSource.query('CREATE TABLE flights (id int PRIMARY KEY, origin int)');
    await dataSource.query('INSERT INTO flights SELECT n, n % 900 FROM generate_series(1, 20000) n');
    await dataSource.query('ANALYZE flights');
  });

  it('a connection that is lost half-way ends the investigation with an error, and nothing else', async () => {
    const { explainer, session } = await openExplainer(dataSource);
    expect((await judgeStatement(explainer, { text: TEXT })).indexes).toHaveLength(1);
    await session
      .use((query) => query('SELECT pg_terminate_backend(pg_backend_pid())'))
      .catch(() => undefined);
    await expect(judgeStatement(explainer, { text: TEXT })).rejects.toThrow();
    await session.close().catch(() => undefined);
    expect(await dataSource.query('SELECT count(*)::int AS n FROM flights')).toEqual([{ n: 20_000 }]);
  });

  it('a table that somebody has locked is given up after the time-out, and looked at again later', async () => {
    const { explainer, session } = await openExplainer(dataSource, { statementTimeoutMs: 200 });
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query('LOCK TABLE flights IN ACCESS EXCLUSIVE MODE');
      await expect(judgeStatement(explainer, { text: TEXT })).rejects.toThrow(/timeout/);
      await runner.rollbackTransaction();
      expect((await explainer.explain({ text: TEXT })).plan.root.relation).toBe('flights');
    } finally {
      await runner.release();
      await session.close();
    }
  });

  it('an index on trial that cannot be locked for is given up as well', async () => {
    const { explainer, session } = await openExplainer(dataSource, { statementTimeoutMs: 200 });
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query('UPDATE flights SET origin = 1 WHERE id = 1');
      const index = { table: { schema: 'public', name: 'flights' }, columns: [{ column: 'origin' }] };
      await expect(explainer.explain({ text: TEXT }, [index])).rejects.toThrow(/timeout/);
      await runner.rollbackTransaction();
    } finally {
      await runner.release();
      await session.close();
    }
  });
});
