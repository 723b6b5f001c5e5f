// `npm run compatibility:mysql`: runs the suites of `npm test` that need a database on MySQL. Debian 12 has no MySQL, so its
// server is taken, unpacked and not installed, from the newest Debian; another version from any other archive of Debian packages,
// named as in sources.list: `npm run compatibility:mysql -- "deb [trusted=yes] <address> <suite> main"`. Needs apt-get and
// dpkg-deb. Prints one line and writes its row of docs/compatibility.md. What was unpacked is kept in
// QUERY_LENS_COMPATIBILITY_CACHE, or the system's folder for temporary files.
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { newestDebian, unpackMysql } from '../test/compatibility/mysql-packages.mjs';
import { printOutcome, runDatabaseSuites } from '../test/compatibility/run-database-suites.mjs';
import { writeVersionRows } from '../test/compatibility/write-version-rows.mjs';
import { startMysql } from '../test/servers/private-mysql.mjs';

const root = join(import.meta.dirname, '..');
const cache = process.env['QUERY_LENS_COMPATIBILITY_CACHE'] ?? join(tmpdir(), 'query-lens-compatibility');
mkdirSync(cache, { recursive: true });
const startedAt = Date.now();
const outcome = await runOn(unpackMysql(process.argv[2] ?? newestDebian(), cache));
printOutcome('MySQL', outcome, startedAt);
await writeVersionRows(
  join(root, 'docs/compatibility.md'),
  { server: 'MySQL', command: 'npm run compatibility:mysql' },
  [outcome],
);
process.exit(outcome.failed === 0 && outcome.passed > 0 ? 0 : 1);

async function runOn(system) {
  const server = await startMysql(system);
  try {
    const results = join(cache, 'mysql.json');
    return {
      version: await versionOf(server.url),
      ...runDatabaseSuites({ root, database: 'mysql', url: server.url, results }),
    };
  } finally {
    await server.stop();
  }
}

/** `8.0.36`, without what a distribution appends. */
async function versionOf(uri) {
  const connection = await mysql.createConnection({ uri });
  const [[{ version }]] = await connection.query('SELECT VERSION() AS version');
  await connection.end();
  return version.replace(/-.*/, '');
}
