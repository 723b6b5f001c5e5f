import { ASSETS_FOR_TESTS } from './scripts/build-assets.mjs';

/** Samples import the package by its name: that is the source next door, or what has been built from it. */
const isPackageBuilt = process.env['QUERY_LENS_TEST_PACKAGE'] === 'dist';
const packageRoot = isPackageBuilt ? '<rootDir>/dist/esm' : '<rootDir>/lib';
const extension = isPackageBuilt ? 'js' : 'ts';

/**
 * Jest runs the TypeScript sources as native ES modules, because Nest 12 is ESM only and `jest` on Node 20 cannot require it.
 * Start it with `node --experimental-vm-modules` (`npm test` does).
 *
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.spec.ts', '<rootDir>/sample/**/*.e2e-spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: {
    '^nestjs-query-lens$': `${packageRoot}/index.${extension}`,
    '^nestjs-query-lens/(cache|graphql|health|testing|redis)$': `${packageRoot}/$1/index.${extension}`,
    // The admin page and the schema, written by the global set-up: the sources have none.
    '/(page-assets|report-schema)\\.js$': `<rootDir>/${ASSETS_FOR_TESTS}/$1.mjs`,
    // NodeNext writes `./x.js` where `./x.ts` is meant.
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  globalSetup: '<rootDir>/test/find-databases.mjs',
  reporters: ['default', '<rootDir>/test/skipped-suites.reporter.mjs'],
  maxWorkers: 2,
  testTimeout: 120_000,
};
