import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { openExplainSession } from '../../../lib/capture/typeorm/explain-session/open-explain-session.js';
import { MysqlExplainer } from '../../../lib/explain/mysql/mysql-explainer.js';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import { describeOn } from '../../databases.js';
import { explainerOf } from './posts.js';

const TEXT = 'SELECT * FROM flights WHERE origin = ?';
const rows = Array.from({ length: 3_000 }, (_, n) => `(${n}, ${n % 900})`).join(', ');

async function fill(dataSource: DataSource): Promise<void> {
  await dataSource.query('CREATE TABLE flights (id integer PRIMARY KEY, origin int)');
  await dataSource.query(`INSERT INTO flights VALUES ${rows}`);
}

describeOn(['mysql'], (database) => {
  let dataSource: DataSource;

  beforeAll(async () => {
    dataSource = await database.open();
    await fill(dataSource);
    await dataSource.query('ANALYZE TABLE flights');
  });

  it('a connection that is lost half-way ends the investigation with an error, and nothing else', async () => {
    const { session, close } = await openExplainSession(dataSource, { timeoutMs: 20_000, canBorrow: false });
    const explainer = await MysqlExplainer.open(session, {
      statementTimeoutMs: 20_000,
      analyze: false,
      trialIndexes: true,
    });
    expect((await judgeStatement(explainer, { text: TEXT })).indexes).toHaveLength(1);
    await session.use((query) => query('KILL CONNECTION_ID()')).catch(() => undefined);
    await expect(judgeStatement(explainer, { text: TEXT })).rejects.toThrow();
    await close();
    expect(await dataSource.query('SELECT count(*) AS n FROM flights')).toEqual([{ n: '3000' }]);
  });

  it('a table that somebody has locked is given up after the time-out, and looked at again later', async () => {
    const { explainer, close } = await explainerOf(dataSource, { statementTimeoutMs: 1_000 });
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query('LOCK TABLES flights WRITE');
      await expect(judgeStatement(explainer, { text: TEXT })).rejects.toThrow(
        /timeout|max_statement_time|execution/i,
      );
      await runner.query('UNLOCK TABLES');
      expect((await explainer.explain({ text: TEXT })).plan.root.relation).toBe('flights');
    } finally {
      await runner.query('UNLOCK TABLES');
      await runner.release();
      await close();
    }
  });

  it('a copy of a table takes no lock on its rows, and sees none that others write', async () => {
    const { explainer, close } = await explainerOf(dataSource, { trialIndexes: true });
    const runner = dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      await runner.query('UPDATE flights SET origin = 1 WHERE id = 1');
      const { indexes } = await judgeStatement(explainer, { text: TEXT });
      expect(indexes.map(indexText)).toEqual(['flights (origin)']);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
      await close();
    }
  });

  it('a login that may only read gets suggestions, with the reason', async () => {
    const user = `ql_${process.pid}`;
    await dataSource.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'only-reads'`);
    try {
      const options = database.options() as { url: string };
      const [{ name }] = await dataSource.query('SELECT DATABASE() AS name');
      await dataSource.query(`GRANT SELECT ON \`${name}\`.* TO '${user}'@'%'`);
      const url = new URL(options.url);
      Object.assign(url, { username: user, password: 'only-reads' });
      const reader = await new DataSource({ type: 'mysql', url: url.href }).initialize();
      const { explainer, close } = await explainerOf(reader, { trialIndexes: true });
      const { indexes, untried } = await judgeStatement(explainer, { text: TEXT });
      expect(indexes.map(indexText)).toEqual(['flights (origin)']);
      expect(untried).toMatch(/refused the temporary copy: Access denied/);
      await close();
      await reader.destroy();
    } finally {
      await dataSource.query(`DROP USER '${user}'@'%'`);
    }
  });

  it('a table in partitions gets suggestions, with the reason', async () => {
    await dataSource.query(
      'CREATE TABLE parts (id int PRIMARY KEY, origin int) PARTITION BY HASH (id) PARTITIONS 4',
    );
    await dataSource.query(`INSERT INTO parts VALUES ${rows}`);
    await dataSource.query('ANALYZE TABLE parts');
    const { explainer, close } = await explainerOf(dataSource, { trialIndexes: true });
    const { indexes, untried } = await judgeStatement(explainer, {
      text: 'SELECT * FROM parts WHERE origin = 7',
    });
    expect(indexes.map(indexText)).toEqual(['parts (origin)']);
    expect(untried).toMatch(/temporary/i);
    await close();
  });

  it('runs the statement where that was allowed, and writes nothing', async () => {
    const { explainer, close } = await explainerOf(dataSource, { analyze: true });
    const { plan } = await explainer.explain({ text: 'SELECT * FROM flights WHERE origin = 7' });
    if (explainer.database === 'mariadb')
      expect(plan.root).toMatchObject({ rowsActual: 4, rowsRemoved: 2_996 });
    expect(plan.isAnalyzed).toBe(explainer.database === 'mariadb');
    await close();
  });

  it('plans with the values of the slowest call where they are known', async () => {
    const { explainer, close } = await explainerOf(dataSource);
    const { plan } = await explainer.explain({ text: TEXT, values: [7] });
    expect(plan.values).toBe('slowest-call');
    expect((await explainer.explain({ text: TEXT })).plan.values).toBe('sampled');
    await close();
  });
});

describeOn(['better-sqlite3', 'sqljs'], (database) => {
  it('a database in memory is left to the application unless its connection may be borrowed', async () => {
    const dataSource = await database.open();
    await expect(explainerOf(dataSource, { borrowConnection: false })).rejects.toThrow(/borrowConnection/);
  });

  it('a table without rowid cannot be sampled, so an index on it is not tried', async () => {
    const dataSource = await database.open();
    await dataSource.query('CREATE TABLE codes (code text PRIMARY KEY, origin int) WITHOUT ROWID');
    await dataSource.query(`INSERT INTO codes VALUES ${rows.replace(/\((\d+),/g, "('c$1',")}`);
    await dataSource.query('ANALYZE');
    const { explainer, close } = await explainerOf(dataSource, { trialIndexes: true });
    const { indexes, whyNot } = await judgeStatement(explainer, {
      text: 'SELECT * FROM codes WHERE origin = 7',
    });
    expect(indexes).toEqual([]);
    expect(whyNot).toMatch(/codes gives no sample of its rows/);
    await close();
  });

  it('what needs an extension is missed by its own statements only', async () => {
    const dataSource = await database.open();
    await fill(dataSource);
    await dataSource.query('CREATE VIRTUAL TABLE notes USING fts4(body)');
    await dataSource.query('ANALYZE');
    const { explainer, close } = await explainerOf(dataSource, { trialIndexes: true });
    const { indexes } = await judgeStatement(explainer, { text: TEXT });
    expect(indexes.map(indexText)).toEqual(['flights (origin)']);
    await close();
  });
});

describeOn(['better-sqlite3'], () => {
  describe('a database in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'query-lens-'));
    let dataSource: DataSource;

    beforeAll(async () => {
      dataSource = await new DataSource({
        type: 'better-sqlite3',
        database: join(folder, 'app.sqlite'),
      }).initialize();
      await fill(dataSource);
      await dataSource.query('ANALYZE');
    });

    afterAll(async () => {
      await dataSource.destroy();
      rmSync(folder, { recursive: true, force: true });
    });

    it('is read on a connection of its own, while the application is in a transaction', async () => {
      const runner = dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.query('UPDATE flights SET origin = 1 WHERE id = 1');
      const { explainer, close } = await explainerOf(dataSource, {
        borrowConnection: false,
        trialIndexes: true,
      });
      const { indexes } = await judgeStatement(explainer, { text: TEXT });
      expect(indexes.map(indexText)).toEqual(['flights (origin)']);
      await close();
      await runner.rollbackTransaction();
    });

    it('cannot be written to on that connection', async () => {
      const { session, close } = await openExplainSession(dataSource, { timeoutMs: 1_000, canBorrow: false });
      await expect(session.use((query) => query('DELETE FROM flights'))).rejects.toMatchObject({
        message: expect.stringMatching(/readonly/),
      });
      await close();
    });
  });
});
