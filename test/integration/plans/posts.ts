import type { DataSource } from 'typeorm';
import type { Explainer } from '../../../lib/investigation/explainer.js';
import { openExplainer } from '../../../lib/open-explainer.js';
import { DEFAULT_INVESTIGATE, type InvestigateOptions } from '../../../lib/investigate-options.js';

type Row = readonly (string | number | null)[];

/** The tables of `rows.ts` for MariaDB and SQLite, analysed; `vacant` has no rows, `never` was not analysed (SQLite). */
export async function fillPostsOf(dataSource: DataSource): Promise<void> {
  const isSqlite = dataSource.options.type !== 'mysql';
  for (const { name, columns, rows = [] } of tables) {
    await dataSource.query(`CREATE TABLE ${name} (${columns})`);
    await insert(dataSource, name, rows);
    if (name === 'never' || isSqlite) continue;
    await dataSource.query(`ANALYZE TABLE ${name}`);
  }
  await dataSource.query('CREATE INDEX indexed_a_b ON indexed (a, b)');
  await dataSource.query('CREATE VIEW posts_view AS SELECT id, blog_id AS blog, title FROM posts');
  if (!isSqlite) return;
  await dataSource.query('ANALYZE');
  await dataSource.query(`DELETE FROM sqlite_stat1 WHERE tbl = 'never'`);
}

async function insert(dataSource: DataSource, table: string, rows: readonly Row[]): Promise<void> {
  const size = 500;
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size);
    const values = part.map((row) => `(${row.map(literal).join(', ')})`).join(', ');
    await dataSource.query(`INSERT INTO ${table} VALUES ${values}`);
  }
}

function literal(value: string | number | null): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);
/** `2026-01-01` and `n` minutes. */
const minute = (n: number): string =>
  new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString().slice(0, 19).replace('T', ' ');

const tables: readonly { name: string; columns: string; rows?: readonly Row[] }[] = [
  {
    name: 'posts',
    columns:
      'id integer PRIMARY KEY, blog_id int, user_id int, status varchar(20), title varchar(60), published_at datetime, deleted_at datetime, tags json, bigTitle varchar(60)',
    rows: numbers(20_000).map((n) => [
      n,
      n % 500,
      n % 3_000,
      `state ${n % 3}`,
      `title ${n}`,
      minute(n),
      n % 50 === 0 ? null : minute(0),
      '{"a": 1}',
      `big ${n % 1_000}`,
    ]),
  },
  {
    name: 'blogs',
    columns: 'id integer PRIMARY KEY, title varchar(60)',
    rows: numbers(5_000).map((n) => [n, `blog ${n}`]),
  },
  {
    name: 'indexed',
    columns: 'id integer PRIMARY KEY, a int, b int',
    rows: numbers(20_000).map((n) => [n, n % 200, n]),
  },
  { name: 'small', columns: 'id int, a int', rows: numbers(100).map((n) => [n, n]) },
  { name: 'vacant', columns: 'id int, a int' },
  { name: 'never', columns: 'id int, a int', rows: numbers(5_000).map((n) => [n, n]) },
  {
    name: 'wide',
    columns: numbers(100)
      .map((n) => `c${n - 1} int`)
      .join(', '),
    rows: numbers(10_000).map((n) =>
      numbers(100).map((c) => (c === 1 || c === 100 ? n : c === 51 ? n % 1_000 : null)),
    ),
  },
  {
    name: 'jobs',
    columns: 'id integer PRIMARY KEY, done_at datetime, owner int, payload varchar(60)',
    rows: numbers(20_000).map((n) => [
      n,
      n % 100 === 0 ? null : minute((n * 7_919) % 20_000),
      n % 40,
      'x'.repeat(20),
    ]),
  },
];

/** An explainer on connections of its own, or on the application's where there is but one. */
export async function explainerOf(
  dataSource: DataSource,
  options: Partial<InvestigateOptions> = {},
): Promise<{ explainer: Explainer; close(): Promise<void> }> {
  return openExplainer(dataSource, {
    ...DEFAULT_INVESTIGATE,
    borrowConnection: true,
    statementTimeoutMs: 20_000,
    ...options,
  });
}
