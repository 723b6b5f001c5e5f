import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { installNode, installPackages } from './install.mjs';

const HERE = import.meta.dirname;
const SHOWN = [
  '@nestjs/core',
  '@nestjs/typeorm',
  'typeorm',
  '@nestjs/platform-express',
  '@nestjs/platform-fastify',
  '@nestjs/terminus',
  '@nestjs/cache-manager',
  'cache-manager',
  '@opentelemetry/api',
  '@opentelemetry/sdk-trace',
];

/**
 * Installs, compiles and runs one cell.
 *
 * @returns {{ id: string, failures: string[], checks: number, degraded: string[], node: string, versions: object }}
 */
export function runCell(cell, tarball, cache, root) {
  const folder = installPackages(cell, tarball, cache);
  const host = join(folder, 'hosts', cell.id);
  writeHost(cell, host, root);
  const node = cell.node === '20' ? process.execPath : installNode(cell.node, cache);
  const compiled = cell.runner === 'ts-jest' ? '' : compile(host, root);
  const printed = compiled || start(cell, node, host, folder);
  return { id: cell.id, cell, ...outcome(host, folder, printed), versions: versionsIn(folder) };
}

function writeHost(cell, host, root) {
  rmSync(host, { recursive: true, force: true });
  mkdirSync(host, { recursive: true });
  cpSync(join(HERE, 'host'), join(host, 'src'), { recursive: true });
  if (cell.platform === 'fastify')
    cpSync(join(HERE, 'variants/adapter.fastify.ts'), join(host, 'src/adapter.ts'));
  const variant = variantOf(cell);
  if (variant) cpSync(join(HERE, `variants/${variant}.ts`), join(host, 'src/neighbours.ts'));
  const json = (name, value) => writeFileSync(join(host, name), JSON.stringify(value, null, 2));
  json('package.json', { type: cell.format });
  json('tsconfig.json', tsconfig(cell, root));
  json('jest.config.json', jestConfig(cell));
  writeFileSync(
    join(host, 'vitest.config.mjs'),
    `export default { test: { globals: true, include: ['dist/in-test-runner.js'] } };\n`,
  );
}

function variantOf({ hasNeighbours, hasCaches, hasTerminus, hasTelemetry }) {
  if (hasNeighbours) return 'neighbours';
  if (hasCaches) return 'caches';
  if (hasTelemetry) return 'telemetry';
  return hasTerminus ? 'terminus' : undefined;
}

function tsconfig(cell, root) {
  const modules =
    cell.runner === 'ts-jest'
      ? { module: 'commonjs', moduleResolution: 'node10' }
      : { module: 'nodenext', moduleResolution: 'nodenext' };
  return {
    compilerOptions: {
      ...modules,
      target: 'es2022',
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      outDir: 'dist',
      rootDir: 'src',
      sourceMap: true,
      strict: true,
      strictPropertyInitialization: false,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
      esModuleInterop: true,
      skipLibCheck: true,
    },
    include: ['src'],
  };
}

function jestConfig(cell) {
  const common = { testEnvironment: 'node', testTimeout: 30_000 };
  if (cell.runner !== 'ts-jest')
    return { ...common, testMatch: ['<rootDir>/dist/in-test-runner.js'], transform: {} };
  return {
    ...common,
    testMatch: ['<rootDir>/src/in-test-runner.ts'],
    transform: { '^.+[.]ts$': 'ts-jest' },
    moduleNameMapper: { '^([.]{1,2}/.*)[.]js$': '$1' },
  };
}

/** What the compiler complained about: the types of the package must fit the versions, too. */
function compile(host, root) {
  const { status, stdout } = spawn(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', host],
    host,
  );
  return status === 0 ? '' : `tsc:\n${stdout}`;
}

function start(cell, node, host, folder) {
  const jest = join(folder, 'node_modules/jest/bin/jest.js');
  const commands = {
    node: ['--enable-source-maps', 'dist/main.js'],
    'ts-jest': [jest, '--config=jest.config.json', '--ci'],
    jest: ['--experimental-vm-modules', jest, '--config=jest.config.json', '--ci'],
    vitest: [join(folder, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.config.mjs'],
  };
  // Node reads source maps by itself only when it is told to; half of the hosts do not tell it.
  const args =
    cell.runner === 'node' && cell.format === 'commonjs' ? ['dist/main.js'] : commands[cell.runner];
  const { stdout, stderr, error } = spawn(node, args, host);
  return `${stdout}${stderr}${error?.message ?? ''}`;
}

function spawn(program, args, cwd) {
  const env = {
    ...process.env,
    QUERY_LENS_COMPATIBILITY_RESULTS: join(cwd, 'results.json'),
    NODE_ENV: 'test',
  };
  return spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
}

function outcome(host, folder, printed) {
  const file = join(host, 'results.json');
  if (!existsSync(file))
    return { checks: 0, failures: [`did not run: ${printed.slice(-3000)}`], degraded: [], node: '' };
  const { node, results, report } = JSON.parse(readFileSync(file, 'utf8'));
  const failures = results
    .filter(({ error }) => error !== undefined)
    .map(({ name, error }) => `${name}: ${error}`);
  const invalid = report === undefined ? 'no report' : schemaErrors(report, folder);
  if (invalid) failures.push(`the report fits its schema: ${invalid}`);
  return { node, checks: results.length + 1, failures, degraded: report?.self.degraded ?? [] };
}

function schemaErrors(report, folder) {
  const file = join(folder, 'node_modules/nestjs-query-lens/schema/report@1.json');
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));
  return validate(report) ? '' : ajv.errorsText(validate.errors);
}

function versionsIn(folder) {
  const versions = {};
  for (const name of [...SHOWN, 'express', 'fastify']) {
    const file = join(folder, 'node_modules', name, 'package.json');
    if (existsSync(file)) versions[name] = JSON.parse(readFileSync(file, 'utf8')).version;
  }
  return versions;
}
