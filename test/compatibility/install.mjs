import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const OPTIONS = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];

/**
 * Installs the packages of a cell next to the packed library, with its peer ranges enforced, into a folder that is kept
 * for the next cell or run that wants the same. A newer build with the same dependencies only replaces its own files.
 *
 * @returns {string} the folder whose `node_modules` they are in
 */
export function installPackages(cell, tarball, cache) {
  const { dependencies, peerDependencies } = tarball.manifest;
  const wanted = JSON.stringify([cell.installer, cell.packages, dependencies, peerDependencies]);
  const folder = join(cache, `install-${shortHash(wanted)}`);
  if (!existsSync(join(folder, 'installed'))) install(cell, tarball, folder, cache);
  if (readFileSync(join(folder, 'installed'), 'utf8') !== tarball.hash) replaceLibrary(folder, tarball);
  return folder;
}

/** The Node program of a major version, from npm. */
export function installNode(major, cache) {
  const folder = join(cache, `node-${major}`);
  const program = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    run('npm', ['install', ...OPTIONS, `node-${process.platform}-${process.arch}@${major}`], folder);
  }
  return program;
}

function install(cell, tarball, folder, cache) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(tarball.file, join(folder, 'nestjs-query-lens.tgz'));
  const dependencies = { ...cell.packages, 'nestjs-query-lens': 'file:nestjs-query-lens.tgz' };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'host', private: true, dependencies, overrides: cell.overrides }, null, 2),
  );
  if (cell.installer === 'pnpm') installWithPnpm(folder, cache);
  // Scripts of the host's packages print adverts and build drivers that nobody uses here.
  else run('npm', ['install', ...OPTIONS, '--ignore-scripts', '--strict-peer-deps'], folder);
  writeFileSync(join(folder, 'installed'), tarball.hash);
}

/** Strict in both ways: no hoisting, and no peer that is missing or out of range. */
function installWithPnpm(folder, cache) {
  const pnpm = join(cache, 'pnpm-10');
  const program = join(pnpm, 'node_modules/pnpm/bin/pnpm.cjs');
  if (!existsSync(program)) {
    mkdirSync(pnpm, { recursive: true });
    writeFileSync(join(pnpm, 'package.json'), '{ "private": true }\n');
    run('npm', ['install', ...OPTIONS, 'pnpm@10'], pnpm);
  }
  const workspace = [
    'packages: []',
    'autoInstallPeers: false',
    'strictPeerDependencies: true',
    'hoist: false',
  ];
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `${workspace.join('\n')}\n`);
  run(process.execPath, [program, 'install', '--ignore-scripts', '--no-frozen-lockfile'], folder);
}

function replaceLibrary(folder, tarball) {
  const own = realpathSync(join(folder, 'node_modules/nestjs-query-lens'));
  for (const part of ['dist', 'schema', 'docs', 'package.json'])
    rmSync(join(own, part), { recursive: true, force: true });
  execFileSync('tar', ['-xzf', tarball.file, '--strip-components=1', '-C', own]);
  writeFileSync(join(folder, 'installed'), tarball.hash);
}

function run(program, args, cwd) {
  const shell = process.platform === 'win32' && program === 'npm';
  try {
    execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], shell });
  } catch (error) {
    throw new Error(`${args.slice(0, 3).join(' ')} failed:\n${error.stdout}${error.stderr}`, {
      cause: error,
    });
  }
}

function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
