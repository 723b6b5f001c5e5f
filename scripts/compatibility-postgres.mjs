// `npm run compatibility:postgres [-- 12 18]`: runs the suites of `npm test` that need a database on PostgreSQL 12 to 18, each
// a private server of programs that npm brings. Prints one line for each version and writes the table of
// docs/compatibility.md. Needs a registry; what was installed is kept in QUERY_LENS_COMPATIBILITY_CACHE, or the system's
// folder for temporary files.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { installPostgres, POSTGRES_VERSIONS } from '../test/compatibility/postgres-versions.mjs';
import { printOutcome, runDatabaseSuites } from '../test/compatibility/run-database-suites.mjs';
import { writeVersionRows } from '../test/compatibility/write-version-rows.mjs';
import { startPostgres } from '../test/servers/private-postgres.mjs';

const root = join(import.meta.dirname, '..');
const cache = process.env['QUERY_LENS_COMPATIBILITY_CACHE'] ?? join(tmpdir(), 'query-lens-compatibility');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((major) => !(major in POSTGRES_VERSIONS));
if (unknown.length > 0)
  throw new Error(
    `No such version: ${unknown.join(', ')} (known: ${Object.keys(POSTGRES_VERSIONS).join(', ')})`,
  );

mkdirSync(cache, { recursive: true });
const outcomes = [];
for (const major of wanted.length === 0 ? Object.keys(POSTGRES_VERSIONS) : wanted) {
  const startedAt = Date.now();
  const outcome = await runOn(major);
  outcomes.push(outcome);
  printOutcome('PostgreSQL', outcome, startedAt);
}
await writeVersionRows(
  join(root, 'docs/compatibility.md'),
  { server: 'PostgreSQL', command: 'npm run compatibility:postgres' },
  outcomes,
);
process.exit(outcomes.every(({ failed, passed }) => failed === 0 && passed > 0) ? 0 : 1);

async function runOn(major) {
  const server = await startPostgres(installPostgres(major, cache));
  try {
    const results = join(cache, `postgres-${major}.json`);
    return {
      version: await versionOf(server.url),
      ...runDatabaseSuites({ root, database: 'postgres', url: server.url, results }),
    };
  } finally {
    await server.stop();
  }
}

async function versionOf(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows: found } = await client.query('SHOW server_version');
  await client.end();
  return found[0].server_version;
}
