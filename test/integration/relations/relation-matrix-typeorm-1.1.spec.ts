import { describe } from '@jest/globals';
import { DataSource } from 'typeorm';
import { describeMatrix } from './describe-matrix.js';

describe('relations, TypeORM 1.1', () => {
  describeMatrix('1.1', (options) => new DataSource(options));
});
