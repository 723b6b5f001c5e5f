// `npm run check [-- step ...]`: the one command to trust. Runs every step, prints one line for each, and shows the output
// of those that fail. With QUERY_LENS_TESTS_DONE=1 it takes the caller's word that `npm test` has just run on this tree.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installWhatIsMissing } from './install.mjs';

const root = join(import.meta.dirname, '..');
const resultsFile = process.env['QUERY_LENS_CHECK_RESULTS'];
const areTestsDone = process.env['QUERY_LENS_TESTS_DONE'] === '1';

const script = (path, ...args) => ({ args: [join(root, path), ...args] });
const tool = (path, ...args) => script(`node_modules/${path}`, ...args);

/** Name -> the programs of the step; a step ends at the first that fails. */
const steps = {
  format: [tool('prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.')],
  lint: [tool('eslint/bin/eslint.js', '--max-warnings=0', '.')],
  types: ['tsconfig.json', 'page/tsconfig.json'].map((config) => tool('typescript/bin/tsc', '-p', config)),
  boundaries: [
    tool('dependency-cruiser/bin/dependency-cruise.mjs', 'lib', '--config', '.dependency-cruiser.cjs'),
  ],
  unused: [tool('knip/bin/knip.js', '--no-progress')],
  ...(!areTestsDone && { tests: [script('scripts/test.mjs')] }),
  build: [script('scripts/build.mjs')],
  'entry-points': [script('scripts/check-entry-points.mjs')],
  package: [script('scripts/check-package.mjs')],
  samples: [
    ...samples().map((sample) => tool('typescript/bin/tsc', '-p', `sample/${sample}/tsconfig.json`)),
    { ...script('scripts/test.mjs', 'sample/'), env: { QUERY_LENS_TEST_PACKAGE: 'dist' } },
  ],
};

installWhatIsMissing();

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0)
  throw new Error(`No such step: ${unknown.join(', ')} (known: ${Object.keys(steps).join(', ')})`);

const results = Object.entries(steps)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([name, programs]) => runStep(name, programs));
const failed = results.filter(({ hasPassed }) => !hasPassed);

if (resultsFile) {
  writeFileSync(
    resultsFile,
    JSON.stringify({ passed: results.length - failed.length, failed: failed.length }),
  );
}
console.log(
  failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.map(({ name }) => name).join(', ')}.`,
);
process.exit(failed.length === 0 ? 0 : 1);

/** Built against dist, as a user's application would be. */
function samples() {
  return readdirSync(join(root, 'sample')).filter((name) =>
    existsSync(join(root, 'sample', name, 'tsconfig.json')),
  );
}

function runStep(name, programs) {
  const startedAt = Date.now();
  let output = '';
  const hasPassed = programs.every(({ args, env }) => {
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
      maxBuffer: 256 * 1024 * 1024,
    });
    output += [stdout, stderr, error?.message].filter(Boolean).join('\n');
    return status === 0;
  });
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`${hasPassed ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(6)} s`);
  if (!hasPassed) console.log(output.replace(/^/gm, '       '));
  return { name, hasPassed };
}
