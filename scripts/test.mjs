// `npm test [-- files or Jest options]`: installs what is missing, then runs Jest. Needs Node and npm, no server.
// Suites of PostgreSQL, MariaDB and Redis run where a server answers (QUERY_LENS_TEST_POSTGRES_URL, _MYSQL_URL, _REDIS_URL,
// or the standard local ports); otherwise they are listed as skipped at the end. QUERY_LENS_REQUIRE_SERVICES=1 makes a skip fail.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installWhatIsMissing } from './install.mjs';

const root = join(import.meta.dirname, '..');
const resultsFile = process.env['QUERY_LENS_TEST_RESULTS'];
installWhatIsMissing();

const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config=jest.config.mjs',
    ...(resultsFile ? ['--json', `--outputFile=${resultsFile}`] : []),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
