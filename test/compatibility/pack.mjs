import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** What the package is made of. */
const PARTS = [
  'lib',
  'page',
  'scripts',
  'schema',
  'docs/findings',
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];
const CONFIGS = ['tsconfig.json', 'tsconfig.build.esm.json', 'tsconfig.build.cjs.json'];

/**
 * Packs the committed tree as npm would publish it: whatever others are editing meanwhile stays out. The tarball is kept
 * in the cache until a commit changes one of its parts.
 *
 * @returns {{ file: string, hash: string, manifest: { peerDependencies: Record<string, string>, dependencies: object } }}
 */
export function packCommitted(root, cache) {
  const parts = [...PARTS, ...CONFIGS];
  const listing = execFileSync('git', ['ls-tree', '-r', 'HEAD', '--', ...parts], {
    cwd: root,
    encoding: 'utf8',
  });
  const hash = createHash('sha256').update(listing).digest('hex').slice(0, 12);
  const directory = join(cache, `package-${hash}`);
  const file = join(directory, 'nestjs-query-lens.tgz');
  if (!existsSync(file)) pack(root, directory, parts, file);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  return { file, hash, manifest, commit: git(root, 'rev-parse', '--short', 'HEAD') };
}

function pack(root, directory, parts, file) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const archive = execFileSync('git', ['archive', 'HEAD', ...parts], {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  });
  execFileSync('tar', ['-xf', '-'], { cwd: directory, input: archive });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
  execFileSync('npm', ['pack'], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const packed = readdirSync(directory).find((name) => name.endsWith('.tgz'));
  renameSync(join(directory, packed), file);
}

function git(root, ...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
