import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { main } from '../../../lib/cli/main.js';
import type { ProductionStatistics } from '../../../lib/shadow/production-statistics.js';
import { describeOn } from '../../databases.js';

async function run(args: readonly string[], env: Record<string, string> = {}) {
  let [out, err] = ['', ''];
  const code = await main(['export-statistics', ...args], {
    env,
    fetch,
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
  });
  return { code, out, err };
}

describeOn(['postgres'], (database) => {
  const directory = mkdtempSync(join(tmpdir(), 'query-lens-export-'));
  const output = join(directory, 'statistics.json');
  let url = '';

  beforeAll(async () => {
    const dataSource = await database.open();
    await dataSource.query(`CREATE TABLE note (id serial PRIMARY KEY, topic text NOT NULL)`);
    await dataSource.query(`CREATE TABLE fresh (id int)`);
    await dataSource.query(`INSERT INTO note (topic) SELECT 'planted' FROM generate_series(1, 100)`);
    await dataSource.query('ANALYZE note');
    ({ url } = database.options() as { url: string });
  });
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  const written = () => JSON.parse(readFileSync(output, 'utf8')) as ProductionStatistics;

  it('writes what the planner knows, and says what it does not', async () => {
    const { code, out, err } = await run(['--output', output], { DATABASE_URL: url });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('2 tables, 1 indexes, with most-common values.');
    expect(out).toContain('1 of the tables have no statistics');
    expect(written().tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['fresh', -1],
      ['note', 100],
    ]);
    expect(JSON.stringify(written())).toContain('planted');
  });

  it('leaves values of rows out when asked to', async () => {
    await run(['--url', url, '--output', output, '--without-values']);
    expect(written().hasValues).toBe(false);
    expect(JSON.stringify(written())).not.toContain('planted');
  });

  it('says what is wrong with a database it cannot read', async () => {
    const wrong = new URL(url);
    wrong.pathname = '/no_such_database';
    const { code, err } = await run(['--url', wrong.href, '--output', output]);
    expect(code).toBe(1);
    expect(err).toContain('the statistics could not be read: database "no_such_database" does not exist');
  });

  it.each([
    [[], '--url or DATABASE_URL is needed'],
    [['--url', 'postgres://x'], '--output is needed'],
    [['--url', 'postgres://x', '--output', 'x', '--timeout', 'soon'], 'seconds are needed'],
  ])('answers %j with its usage', async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
