import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const SUITES = ['databases/behaviour', 'capture/', 'scenarios/', 'relations/', 'plans/advice-without'];
const OTHERS = { QUERY_LENS_TEST_POSTGRES_URL: 'none', QUERY_LENS_TEST_MYSQL_URL: 'none' };

/**
 * Runs the suites of `npm test` that need a database on one server, and on nothing else.
 *
 * @param {{ root: string, database: 'postgres' | 'mysql', url: string, results: string }} run `results`: a file for Jest's own
 */
export function runDatabaseSuites({ root, database, url, results }) {
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const options = [
    '--config=jest.config.mjs',
    `--testNamePattern=on ${database} `,
    '--json',
    `--outputFile=${results}`,
  ];
  const paths = SUITES.map((suite) => `test/integration/${suite}`);
  const env = {
    ...process.env,
    ...OTHERS,
    [`QUERY_LENS_TEST_${database.toUpperCase()}_URL`]: url,
    QUERY_LENS_TEST_REDIS_URL: 'none',
    QUERY_LENS_REQUIRE_SERVICES: '',
  };
  spawnSync(process.execPath, [...jest, ...options, ...paths], { cwd: root, env, stdio: 'ignore' });
  return outcomeOf(JSON.parse(readFileSync(results, 'utf8')));
}

/** One line of what a version did, and what failed below it. */
export function printOutcome(name, { version, passed, failed, failures }, startedAt) {
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${failed === 0 ? 'ok    ' : 'FAILED'} ${name} ${version.padEnd(8)} ${passed} passed, ${failed} failed ${seconds.padStart(6)} s`,
  );
  for (const failure of failures) console.log(failure.replace(/^/gm, '         '));
}

function outcomeOf({ numPassedTests, numFailedTests, testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failures = tests
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n').slice(0, 600)}`);
  // A suite that does not even load has no tests that fail.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    failures: [...failures, ...broken.map(({ name, message }) => `${name}\n${message}`)],
  };
}
