import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve('.');

/** An application in a directory of its own, with the packed library installed next to the packages of this repository. */
export interface PackedHost {
  /** Compiles the host as CommonJS or as ES modules, runs it, and returns the report that it printed. */
  run(type: 'commonjs' | 'module', options?: { readonly before?: string }): unknown;
  /** The text of a file of the installed library, and what a CommonJS one of them exports, as JSON. */
  read(path: string): string;
  exports(path: string): string;
  /** What `npx query-lens` prints. */
  command(...args: readonly string[]): string;
  remove(): void;
}

/** Packs the library as npm would publish it, and installs the result into a fresh directory. */
export function createPackedHost(): PackedHost {
  const directory = mkdtempSync(join(tmpdir(), 'query-lens-host-'));
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    install(pack(join(directory, 'package')), join(directory, 'node_modules'));
  } catch (error) {
    remove();
    throw error;
  }
  const own = join(directory, 'node_modules/nestjs-query-lens');
  return {
    run: (type, options) => runHost(join(directory, type), type, options?.before),
    read: (path) => readFileSync(join(own, path), 'utf8'),
    // In a process of its own: Jest would put its own files in the place of some.
    exports: (path) => outputOf(process.execPath, ['-p', `JSON.stringify(require('./${path}'))`], own),
    command: (...args) => outputOf(process.execPath, [join(own, 'dist/esm/cli/bin.js'), ...args], directory),
    remove,
  };
}

function runHost(host: string, type: 'commonjs' | 'module', before?: string): unknown {
  mkdirSync(host, { recursive: true });
  cpSync(join(root, 'test/package/host/main.ts'), join(host, 'main.ts'));
  writeFileSync(join(host, 'package.json'), JSON.stringify({ type }));
  writeFileSync(join(host, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['main.ts'] }));
  outputOf(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', host], host);
  if (before !== undefined) writeFileSync(join(host, 'before.mjs'), before);
  const preload = before === undefined ? [] : ['--import', './before.mjs'];
  const printed = outputOf(process.execPath, [...preload, 'main.js'], host);
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}

const compilerOptions = {
  module: 'nodenext',
  target: 'es2022',
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  useDefineForClassFields: false,
  skipLibCheck: true,
};

/** Packs a copy of this tree: `npm pack` builds first (`prepack`), and others may be using our `dist`. */
function pack(directory: string) {
  const needed = /^(lib|page|scripts|schema|docs|package[.]json|tsconfig.*)$|^[A-Z]+([.]md)?$/;
  for (const name of readdirSync(root).filter((entry) => needed.test(entry))) {
    cpSync(join(root, name), join(directory, name), { recursive: true });
  }
  linkPackages(join(directory, 'node_modules'));
  outputOf('npm', ['pack'], directory);
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack wrote no tarball');
  return join(directory, tarball);
}

function install(tarball: string, modules: string) {
  linkPackages(modules);
  const own = join(modules, 'nestjs-query-lens');
  mkdirSync(own);
  outputOf('tar', ['-xzf', tarball, '--strip-components=1'], own);
}

function linkPackages(modules: string) {
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (!name.startsWith('.')) symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
}

function outputOf(program: string, args: readonly string[], cwd: string) {
  const shell = process.platform === 'win32' && program === 'npm';
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', shell });
  if (status === 0) return stdout;
  throw new Error(`${program} ${args.join(' ')} failed:\n${error?.message ?? stdout + stderr}`);
}
