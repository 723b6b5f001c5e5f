import { describe } from '@jest/globals';
import { DataSource } from 'typeorm';
import { DataSource as OlderDataSource } from 'typeorm-0.3';
import type { SuiteOptions, TestDatabase } from '../../databases.js';

/** Opens a database with one of the two copies of TypeORM, whose objects are the same for what tests do with them. */
export type Open = (options?: SuiteOptions) => Promise<DataSource>;

/** Describes the same behaviours for TypeORM 1.1 and 0.3: the file imports `older-storage-first.js` first. Close what was opened: PGlite has one connection. */
export function withBothVersions(
  database: TestDatabase,
  behaviours: (open: Open, version: '1.1' | '0.3') => void,
): void {
  for (const [version, Class] of [
    ['1.1', DataSource],
    ['0.3', OlderDataSource as unknown as typeof DataSource],
  ] as const) {
    describe(`with TypeORM ${version}`, () => {
      const open: Open = (options = {}) =>
        new Class(database.options({ synchronize: true, dropSchema: true, ...options })).initialize();
      behaviours(open, version);
    });
  }
}
