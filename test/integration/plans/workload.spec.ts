import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { PostgresExplainer } from '../../../lib/explain/postgres/postgres-explainer.js';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { adviseWorkload } from '../../../lib/investigation/investigate.js';
import { judgeStatement } from '../../../lib/investigation/judge-statement.js';
import type { SqlSession } from '../../../lib/investigation/sql-session.js';
import type { Suspect } from '../../../lib/investigation/suspect.js';
import type { Examined } from '../../../lib/investigation/workload-index.js';
import { describeOn } from '../../databases.js';
import { installHypopg, openExplainer } from './rows.js';

const SUM = 'SELECT sum(value) FROM readings WHERE sensor = 7';
const LATEST = `SELECT * FROM readings WHERE sensor = 7 AND at > '2026-01-14'`;

describeOn(['postgres', 'pglite'], (database) => {
  let session: SqlSession;
  let explainer: PostgresExplainer;

  beforeAll(async () => {
    const dataSource: DataSource = await database.open();
    await installHypopg(dataSource);
    for (const statement of [
      'CREATE TABLE readings (id int PRIMARY KEY, sensor int, at timestamptz, value int, payload text) WITH (autovacuum_enabled = off)',
      `INSERT INTO readings SELECT n, n % 50, timestamptz '2026-01-01' + (n * 7919 % 20000) * interval '1 minute', n, repeat('x', 300) FROM generate_series(1, 20000) n`,
      'VACUUM readings',
      'ANALYZE readings',
    ])
      await dataSource.query(statement);
    ({ explainer, session } = await openExplainer(dataSource));
  });

  afterAll(() => session.close());

  const examine = async (text: string): Promise<Examined> => ({
    suspect: {
      key: text,
      dataSource: 'default',
      fingerprint: text,
      text,
      name: text,
      statement: { text },
      calls: 1,
      msPerHour: 1_000,
      meanMs: 10,
      rowsPerCall: 1,
      isSlow: true,
      route: 'GET /readings',
      callSites: [],
      firstSeen: 0,
      lastSeen: 0,
      traceIds: [],
    } satisfies Suspect,
    judgement: await judgeStatement(explainer, { text }),
  });

  it('makes one index of two that overlap, and tells both statements of it', async () => {
    const examined = [await examine(SUM), await examine(LATEST)];
    expect(examined.map(({ judgement }) => judgement.indexes.map(indexText).join())).toEqual([
      'readings (sensor) including value',
      'readings (sensor, at)',
    ]);
    const context = { database: 'postgres', at: 0 } as const;
    const { findings, investigations } = await adviseWorkload(explainer, 'default', examined, context);
    expect(findings.map(({ finding }) => finding.title)).toEqual([
      'readings has no index on (sensor, at) including value: 2 statements would be faster with it',
    ]);
    expect(investigations.map(({ advice }) => advice.map(({ verified }) => verified?.rung))).toEqual([
      ['planner-verified'],
      ['planner-verified'],
    ]);
  });
});
