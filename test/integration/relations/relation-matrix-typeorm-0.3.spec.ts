import '../capture/older-storage-first.js';
import { describe } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { DataSource as OldDataSource, type DataSourceOptions } from 'typeorm-0.3';
import { describeMatrix } from './describe-matrix.js';

describe('relations, TypeORM 0.3.31', () => {
  describeMatrix(
    '0.3',
    (options) => new OldDataSource(options as DataSourceOptions) as unknown as DataSource,
  );
});
