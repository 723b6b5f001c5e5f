// Builds only what has changed since the last time. Contents are compared, not times: a checkout changes times.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, '.demo/built.json');

const library = {
  name: 'library',
  sources: [
    'lib',
    'page',
    'schema',
    'scripts/build-assets.mjs',
    'tsconfig.json',
    'tsconfig.build.esm.json',
    'tsconfig.build.cjs.json',
    'package-lock.json',
  ],
  output: 'dist/esm/index.js',
  command: ['scripts/build.mjs'],
};

const sample = {
  name: 'sample 01-quick-start',
  sources: ['sample/01-quick-start/src', 'sample/01-quick-start/tsconfig.json', 'package-lock.json'],
  output: 'sample/01-quick-start/dist/main.js',
  command: ['node_modules/typescript/bin/tsc', '-p', 'sample/01-quick-start/tsconfig.json'],
};

/** Builds the library, then the sample that uses it. Calls `say(text)` before each build that is needed. */
export function buildWhatIsStale(say) {
  for (const target of [library, sample]) {
    if (isFresh(target)) continue;
    say(`Building the ${target.name} ...`);
    const { status } = spawnSync(process.execPath, target.command, { cwd: root, stdio: 'inherit' });
    if (status !== 0) throw new Error(`Building the ${target.name} failed; the compiler's output is above.`);
    remember(target);
  }
}

function isFresh(target) {
  const stamp = readStamps()[target.name];
  return stamp !== undefined && stamp.sources === hash(target) && stamp.output === changedAt(target);
}

function remember(target) {
  const stamps = { ...readStamps(), [target.name]: { sources: hash(target), output: changedAt(target) } };
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(stamps, null, 2));
}

function readStamps() {
  return existsSync(stampFile) ? JSON.parse(readFileSync(stampFile, 'utf8')) : {};
}

/** Tells the output we have made from one that somebody else has built or removed since. */
function changedAt({ output }) {
  const path = join(root, output);
  return existsSync(path) ? statSync(path).mtimeMs : undefined;
}

function hash({ sources }) {
  const sum = createHash('sha256');
  for (const file of sources.flatMap((source) => filesIn(join(root, source)))) {
    sum.update(file.slice(root.length)).update(readFileSync(file));
  }
  return sum.digest('hex');
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name)));
}
