/**
 * What `npm run compatibility` runs: one cell for each combination of versions, platform, module format, test runner,
 * package manager and Node that the README promises. `with` are packages beside those that every host has.
 *
 * @typedef {object} Cell
 * @property {string} id
 * @property {Record<string, string>} packages name -> version
 * @property {'commonjs' | 'module'} format
 * @property {'node' | 'jest' | 'ts-jest' | 'vitest'} runner
 * @property {'express' | 'fastify'} platform
 * @property {'npm' | 'pnpm'} installer
 * @property {string} node a version; '20' is the Node that runs the suite, whatever it is
 * @property {boolean} hasNeighbours nestjs-cls, typeorm-transactional and nestjs-pino in the same application
 * @property {string} [hasTerminus] `@nestjs/terminus` in the application; its major version
 * @property {string} [hasTelemetry] an OpenTelemetry SDK in the application: versions of its API and of itself
 * @property {Record<string, string>} [overrides] of peer ranges that are narrower than what works
 * @property {string} [hasCaches] `@nestjs/cache-manager` in the application; the major version of cache-manager below it
 */

const NESTS = {
  10: { core: '10.4.22', testing: '10.4.22', fastify: '10.4.22', typeorm: '10.0.2', format: 'commonjs' },
  11: { core: '11.2.10', testing: '11.2.6', fastify: '11.2.8', typeorm: '11.0.3', format: 'commonjs' },
  12: { core: '12.5.1', testing: '12.1.1', fastify: '12.5.0', typeorm: '12.0.2', format: 'module' },
};
const TYPEORMS = ['0.3.10', '0.3.20', '0.3.31', '1.1.1'];

/** @type {readonly Cell[]} */
export const cells = [
  ...Object.keys(NESTS).flatMap((nest) => TYPEORMS.map((typeorm) => cell(nest, typeorm))),
  cell(12, '1.0.0'),
  lowest(),
  cell(10, '0.3.31', { platform: 'fastify' }),
  cell(11, '0.3.31', { platform: 'fastify' }),
  cell(12, '1.1.1', { platform: 'fastify' }),
  cell(11, '0.3.31', { format: 'module' }),
  cell(12, '1.1.1', { format: 'commonjs' }),
  cell(11, '0.3.31', {
    runner: 'ts-jest',
    with: { jest: '30.5.2', 'ts-jest': '29.4.15', typescript: '5.9.3', '@jest/globals': '30.5.2' },
  }),
  cell(12, '1.1.1', { runner: 'jest', with: { jest: '30.5.2' } }),
  cell(12, '1.1.1', { runner: 'vitest', with: { vitest: '^4.0.0' } }),
  cell(11, '0.3.31', { installer: 'pnpm' }),
  cell(12, '1.1.1', { installer: 'pnpm' }),
  cell(10, '0.3.10', { node: '24' }),
  cell(11, '0.3.31', { node: '24' }),
  cell(12, '1.1.1', { node: '24' }),
  cell(11, '0.3.31', { hasNeighbours: true, with: neighbours() }),
  cell(11, '1.1.1', { hasNeighbours: true, with: neighbours() }),
  withCaches(10, '0.3.31', '5'),
  withCaches(10, '0.3.31', '6'),
  withCaches(11, '0.3.31', '6'),
  withCaches(11, '0.3.31', '7'),
  withCaches(11, '1.1.1', '7', { platform: 'fastify' }),
  withCaches(12, '1.1.1', '6'),
  withCaches(12, '1.1.1', '7'),
  withTerminus(10, '0.3.31', '10.3.0'),
  withTerminus(11, '0.3.31', '11.1.1'),
  withTerminus(12, '1.1.1', '12.1.0'),
  withTelemetry(10, '0.3.10', '1.9.0', 2),
  withTelemetry(11, '0.3.31', '1.9.1', 2),
  withTelemetry(12, '1.1.1', '1.9.1', 2),
  withTelemetry(11, '0.3.31', '1.10.0', 2),
  withTelemetry(11, '0.3.31', '1.10.0', 3, { node: '24' }),
  withTelemetry(12, '1.1.1', '1.10.0', 3, { node: '24' }),
];

function withTerminus(nest, typeorm, version) {
  const [hasTerminus] = version.split('.');
  return cell(nest, typeorm, { hasTerminus, with: { '@nestjs/terminus': version } });
}

/** OpenTelemetry's API and SDK; 3.x wants Node 22. SDK 2.x refuses API 1.10 by its peer range, not by what it does. */
function withTelemetry(nest, typeorm, api, sdk, options = {}) {
  const of = { 2: ['2.12.1', '2.12.0', '0.223.1'], 3: ['3.1.1', '3.1.1', '3.1.1'] };
  const [trace, context, logs] = of[sdk];
  const packages = {
    '@opentelemetry/api': api,
    '@opentelemetry/sdk-trace': trace,
    '@opentelemetry/context-async-hooks': context,
    '@opentelemetry/sdk-logs': logs,
    ...(sdk === 2 && { '@opentelemetry/api-logs': logs }),
  };
  const overrides = sdk === 2 && api === '1.10.0' ? { '@opentelemetry/api': api } : {};
  return cell(nest, typeorm, { ...options, hasTelemetry: `api${api}-sdk${sdk}`, overrides, with: packages });
}

/** Nest's cache module as it goes with a version of cache-manager: 5 knows no Keyv, and its module no later Nest than 10. */
function withCaches(nest, typeorm, major, options = {}) {
  const keyv = { keyv: '5.6.0' };
  const modules = { 10: '3.1.3', 11: '3.1.3', 12: '12.0.0' };
  const packages = {
    5: { '@nestjs/cache-manager': '2.3.0', 'cache-manager': '5.7.6' },
    6: { '@nestjs/cache-manager': modules[nest], 'cache-manager': '6.4.3', ...keyv },
    7: { '@nestjs/cache-manager': modules[nest], 'cache-manager': '7.2.9', ...keyv },
  };
  return cell(nest, typeorm, { ...options, hasCaches: major, with: packages[major] });
}

/** The beginning of every peer range, and of the range of Node. */
function lowest() {
  const first = cell(10, '0.3.10', { node: '20.19.0' });
  const nest = ['common', 'core', 'platform-express', 'testing'].map((name) => [`@nestjs/${name}`, '10.0.0']);
  const others = { '@nestjs/typeorm': '10.0.0', '@opentelemetry/api': '1.9.0', 'reflect-metadata': '0.1.13' };
  const packages = { ...first.packages, ...Object.fromEntries(nest), ...others, rxjs: '7.2.0' };
  return { ...first, id: 'nest10.0-typeorm0.3.10-node20.19', packages };
}

/** The last ones that take Node 20. */
function neighbours() {
  return {
    'nestjs-cls': '^6.0.0',
    'typeorm-transactional': '0.5.0',
    'nestjs-pino': '^4.4.0',
    pino: '^9.0.0',
    'pino-http': '^10.0.0',
  };
}

function cell(nest, typeorm, options = {}) {
  const { with: more = {}, ...chosen } = options;
  const versions = NESTS[nest];
  const full = {
    format: versions.format,
    runner: 'node',
    platform: 'express',
    installer: 'npm',
    node: '20',
    hasNeighbours: false,
    ...chosen,
  };
  const packages = { ...hostPackages(versions, typeorm, full.platform), ...more };
  return { id: idOf(nest, typeorm, chosen), packages, ...full };
}

function hostPackages(versions, typeorm, platform) {
  return {
    '@nestjs/common': versions.core,
    '@nestjs/core': versions.core,
    [`@nestjs/platform-${platform}`]: platform === 'fastify' ? versions.fastify : versions.core,
    '@nestjs/testing': versions.testing,
    // @nestjs/typeorm 10 takes TypeORM 0.3 only; 11 runs on Nest 10, too.
    '@nestjs/typeorm':
      versions.typeorm.startsWith('10') && !typeorm.startsWith('0.') ? '11.0.3' : versions.typeorm,
    '@opentelemetry/api': '1.9.1',
    'reflect-metadata': typeorm === '0.3.10' ? '0.1.14' : '0.2.2',
    rxjs: '7.8.2',
    'sql.js': '1.16.0',
    typeorm,
  };
}

/** `nest11-typeorm0.3.31-fastify` */
function idOf(nest, typeorm, options) {
  const { platform, format, runner, installer, node, hasNeighbours, hasCaches, hasTerminus, hasTelemetry } =
    options;
  const short = typeorm.startsWith('0.') ? typeorm : typeorm.replace(/[.]\d+$/, '');
  const caches = hasCaches && `cache-manager${hasCaches}`;
  const terminus = hasTerminus && `terminus${hasTerminus}`;
  const neighbours = hasNeighbours && 'neighbours';
  const rest = [
    platform,
    format,
    runner,
    installer,
    node && `node${node}`,
    neighbours,
    caches,
    terminus,
    hasTelemetry,
  ];
  return [`nest${nest}`, `typeorm${short}`, ...rest.filter(Boolean)].join('-');
}
