// Installs what is missing and nothing else, with Node's built-in modules only. Used by `npm test`, `npm run demo` and `npm run check`.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Runs `npm ci` unless everything that the lock file names is there. */
export function installWhatIsMissing() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  console.log(
    `Installing packages: ${missing.length} are missing or outdated. This takes a minute or two ...`,
  );
  const npm = process.env['npm_execpath'];
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm'];
  const { status } = spawnSync(command, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: !npm && process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed; its output is above.');
    process.exit(1);
  }
  sayWhatDidNotBuild();
}

/** Compares contents, not times: a checkout or a copy changes the times of files that are still right. */
function missingPackages() {
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json'))
    .filter(([path, { link, optional, devOptional, peer }]) => {
      const isNeeded = path.startsWith('node_modules/') && !link && !optional && !devOptional;
      return isNeeded && !(peer && !installed[path]);
    })
    .filter(([path, { version }]) => installed[path]?.version !== version)
    .map(([path]) => path.replace('node_modules/', ''));
}

function packagesIn(lockFile) {
  const path = join(root, lockFile);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

/** better-sqlite3 is compiled on the user's machine; without a compiler its suites are skipped, and nothing else is lost. */
function sayWhatDidNotBuild() {
  if (!existsSync(join(root, 'node_modules/better-sqlite3/build/Release/better_sqlite3.node'))) {
    console.log(
      'better-sqlite3 could not be built here: its tests will be skipped. Everything else works without it.',
    );
  }
}
