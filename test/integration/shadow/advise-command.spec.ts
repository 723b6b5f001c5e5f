import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { main } from '../../../lib/cli/main.js';
import type { Report, SlowQueryReport } from '../../../lib/report/report.js';
import { describeOn } from '../../databases.js';
import { sampleReport } from '../../unit/report/sample-report.js';

const directory = mkdtempSync(join(tmpdir(), 'query-lens-advise-'));
const file = (name: string) => join(directory, name);
afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const code = await main(args, {
    env: {},
    fetch,
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
  });
  return { code, out, err };
}

const sample = sampleReport();
const [like] = sample.slowQueries as readonly [SlowQueryReport, ...SlowQueryReport[]];
const slow = (fingerprint: string, statement: string): SlowQueryReport => ({
  ...like,
  fingerprint,
  statement,
  summary: statement.slice(0, 20),
  dataSource: 'default',
});

const report: Report = {
  ...sample,
  dataSources: sample.dataSources.map((source) => ({ ...source, name: 'default', driver: 'postgres' })),
  findings: [],
  slowQueries: [
    slow('a', 'SELECT * FROM "reading" WHERE "sensor" = ? ORDER BY "at" DESC LIMIT ?'),
    slow('b', 'SELECT * FROM "reading"'),
    slow('c', 'SELECT * FROM "reading" WHERE "id" IN (...)'),
    slow('d', 'SELECT * FROM "gone" WHERE "id" = ?'),
    slow('e', 'SELECT * FROM "reading" WHERE "sensor" = ? AND …'),
    slow('f', 'SELECT * FROM "reading" WHERE "at" > now() - interval ? AND "sensor" = ?'),
  ],
};

describeOn(['postgres'], (database) => {
  beforeAll(async () => {
    const production = await database.open();
    await production.query(
      `CREATE TABLE reading (id serial PRIMARY KEY, sensor int NOT NULL, at timestamptz NOT NULL, level int,
         low int, high int, note text)`,
    );
    await production.query(
      `INSERT INTO reading (sensor, at, level) SELECT n % 500, now() - n * interval '1 minute', n FROM generate_series(1, 100000) n`,
    );
    await production.query('VACUUM ANALYZE reading');
    const { url } = database.options() as { url: string };
    expect(await run('export-statistics', '--url', url, '--output', file('statistics.json'))).toMatchObject({
      code: 0,
    });
    writeFileSync(file('report.json'), JSON.stringify(report));
  }, 120_000);

  const advise = (...more: string[]) =>
    run('advise', '--report', file('report.json'), '--statistics', file('statistics.json'), ...more);

  it('verifies one index for several statements, and says why the others get none', async () => {
    const { code, err } = await advise(
      '--format',
      'json',
      '--output',
      file('advised.json'),
      '--fail-on-advice',
    );
    expect({ code, err }).toEqual({ code: 1, err: '' });
    const advised = JSON.parse(readFileSync(file('advised.json'), 'utf8')) as Report;
    expect(advised.findings.map(({ title }) => title)).toEqual([
      'reading has no index on (sensor, at): 2 statements would be faster with it',
    ]);
    const [top, all, ids, gone, cut, typed] = advised.slowQueries;
    expect(top?.advice[0]?.verified).toMatchObject({
      rung: 'planner-verified',
      how: "an index in an embedded PostgreSQL with production's statistics",
    });
    expect(top?.advice[0]?.code).toContain(
      'CREATE INDEX CONCURRENTLY "IDX_reading_sensor_at" ON "public"."reading" ("sensor", "at")',
    );
    expect(top?.plan?.rowsRead).toBe(100_000);
    expect(all?.whyNot).toContain('all of it is asked for');
    expect(ids?.whyNot).toContain('there is nothing to win by an index');
    expect(gone?.whyNot).toBe('It could not be planned: relation "gone" does not exist.');
    expect(cut?.whyNot).toContain('too long');
    expect(typed?.advice).toHaveLength(1);
  }, 600_000);

  it('reads as text', async () => {
    const { code, out } = await advise();
    expect(code).toBe(0);
    expect(out).toContain('missing-index');
    expect(out).toContain('Planned in an embedded PostgreSQL with the schema and statistics of PostgreSQL');
    expect(out).toContain('Histograms are never exported');
  }, 600_000);
});

it.each([
  [['--statistics', 's.json'], 2, '--report is needed'],
  [
    ['--report', file('missing.json'), '--statistics', file('missing.json')],
    1,
    'missing.json cannot be read',
  ],
  [['--report', file('odd.json'), '--statistics', file('odd.json')], 1, 'is no query-lens/report@1'],
  [
    ['--report', file('other.json'), '--statistics', file('empty.json'), '--data-source', 'cars'],
    1,
    'no data source "cars" (known: "default")',
  ],
])('answers %j with what to do', async (args, code, message) => {
  writeFileSync(file('odd.json'), '[]');
  writeFileSync(file('other.json'), JSON.stringify(report));
  writeFileSync(file('empty.json'), JSON.stringify({ schema: 'query-lens/statistics@1' }));
  expect(await run('advise', ...args)).toMatchObject({ code, err: expect.stringContaining(message) });
});
