import type { DataSource } from 'typeorm';
import type { SqlSession } from '../../../lib/investigation/sql-session.js';
import { openExplainSession } from '../../../lib/capture/typeorm/explain-session/open-explain-session.js';
import { PostgresExplainer } from '../../../lib/explain/postgres/postgres-explainer.js';

/** Tables with a hundred thousand rows or less, analysed; `empty` has none. */
export async function fillPosts(dataSource: DataSource): Promise<void> {
  for (const statement of POSTS) await dataSource.query(statement);
}

const POSTS = [
  `CREATE TABLE posts (id int PRIMARY KEY, blog_id int, user_id int, status varchar(20), title text, published_at timestamptz, deleted_at timestamptz, tags jsonb, "bigTitle" text) WITH (autovacuum_enabled = off)`,
  `INSERT INTO posts SELECT n, n % 500, n % 3000, 'state ' || n % 3, 'title ' || n, timestamptz '2026-01-01' + n * interval '1 minute',
     CASE WHEN n % 50 = 0 THEN NULL ELSE timestamptz '2026-01-01' END, '{"a": 1}', 'big ' || n % 1000 FROM generate_series(1, 20000) n`,
  `CREATE TABLE blogs (id int PRIMARY KEY, title text) WITH (autovacuum_enabled = off)`,
  `INSERT INTO blogs SELECT n, 'blog ' || n FROM generate_series(1, 5000) n`,
  `CREATE TABLE indexed (id int PRIMARY KEY, a int, b int) WITH (autovacuum_enabled = off)`,
  `INSERT INTO indexed SELECT n, n % 200, n FROM generate_series(1, 20000) n`,
  `CREATE INDEX indexed_a_b ON indexed (a, b)`,
  `CREATE TABLE small (id int, a int) WITH (autovacuum_enabled = off)`,
  `INSERT INTO small SELECT n, n FROM generate_series(1, 100) n`,
  `CREATE TABLE empty (id int, a int) WITH (autovacuum_enabled = off)`,
  `CREATE TABLE never (id int, a int) WITH (autovacuum_enabled = off)`,
  `INSERT INTO never SELECT n, n FROM generate_series(1, 5000) n`,
  `CREATE VIEW posts_view AS SELECT id, blog_id AS blog, title FROM posts`,
  `CREATE TABLE events (id int, at date, user_id int) PARTITION BY RANGE (at)`,
  `CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-07-01') WITH (autovacuum_enabled = off)`,
  `CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-07-01') TO ('2027-01-01') WITH (autovacuum_enabled = off)`,
  `INSERT INTO events SELECT n, date '2026-01-01' + n % 360, n % 5000 FROM generate_series(1, 40000) n`,
  `CREATE TABLE wide (${Array.from({ length: 100 }, (_, n) => `c${n} int`).join(', ')}) WITH (autovacuum_enabled = off)`,
  `INSERT INTO wide (c0, c50, c99) SELECT n, n % 1000, n FROM generate_series(1, 10000) n`,
  `CREATE TABLE jobs (id int PRIMARY KEY, done_at timestamptz, owner int, payload text) WITH (autovacuum_enabled = off)`,
  `INSERT INTO jobs SELECT n, CASE WHEN n % 100 > 0 THEN now() - (n * 7919 % 20000) * interval '1 minute' END, n % 40, repeat('x', 20) FROM generate_series(1, 20000) n`,
  `CREATE TABLE measurements (id int PRIMARY KEY, sensor int, value int, payload text) WITH (autovacuum_enabled = off)`,
  `INSERT INTO measurements SELECT n, n % 50, n, repeat('x', 300) FROM generate_series(1, 20000) n`,
  `VACUUM measurements`,
  ...['jobs', 'measurements', 'posts', 'blogs', 'indexed', 'small', 'empty', 'events', 'wide'].map(
    (table) => `ANALYZE ${table}`,
  ),
];

/** Where the server has it; it must where services are required (`.ci/run` installs it). */
export async function installHypopg(dataSource: DataSource): Promise<boolean> {
  const rows = await dataSource.query(`SELECT 1 FROM pg_available_extensions WHERE name = 'hypopg'`);
  const isWanted =
    rows.length > 0 || (process.env['QUERY_LENS_REQUIRE_SERVICES'] === '1' && !(await isPglite(dataSource)));
  if (isWanted) await dataSource.query('CREATE EXTENSION IF NOT EXISTS hypopg');
  return isWanted;
}

async function isPglite(dataSource: DataSource): Promise<boolean> {
  const [{ version }] = await dataSource.query('SELECT version()');
  return /wasm|emscripten|pglite/i.test(version);
}

/** An explainer on a connection of its own, or on the application's where there is but one. */
export async function openExplainer(
  dataSource: DataSource,
  options: { trialIndexes?: boolean; analyze?: boolean; statementTimeoutMs?: number } = {},
): Promise<{ explainer: PostgresExplainer; session: SqlSession }> {
  const { session } = await openExplainSession(dataSource, { timeoutMs: 20_000, canBorrow: true });
  const explainer = await PostgresExplainer.open(session, {
    statementTimeoutMs: 20_000,
    analyze: false,
    trialIndexes: true,
    ...options,
  });
  return { explainer, session };
}
