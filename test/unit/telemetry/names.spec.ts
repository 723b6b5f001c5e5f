import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as official from '@opentelemetry/semantic-conventions/incubating';
import fc from 'fast-check';
import { errorType } from '../../../lib/telemetry/error-type.js';
import { namespaceOf } from '../../../lib/telemetry/namespace.js';
import { OWN, PARAMETER_PREFIX, SEMCONV, systemName } from '../../../lib/telemetry/semconv.js';

const values: readonly unknown[] = Object.values(official);
const METRICS = ['instruments', 'pool-metrics'].map((file) =>
  readFileSync(`lib/telemetry/${file}.ts`, 'utf8'),
);
/** What TypeORM calls its drivers. */
const DRIVERS = readFileSync('node_modules/typeorm/driver/types/DatabaseType.d.ts', 'utf8');
const NAME = /'((?:db|query_lens)\.[a-z_.]+)'/g;
const page = readFileSync('docs/telemetry.md', 'utf8');

describe('names of telemetry', () => {
  it.each(Object.values(SEMCONV))('%s is one of the conventions', (name) => {
    expect(values).toContain(name);
  });

  it('our own cannot be taken for one of theirs', () => {
    for (const name of Object.values(OWN)) {
      expect(name).toMatch(/^query_lens\.[a-z_.]+$/);
      expect(values).not.toContain(name);
    }
  });

  it('of systems are legal, whatever the driver', () => {
    const legal = Object.entries(official)
      .filter(([key]) => key.startsWith('DB_SYSTEM_NAME_VALUE_'))
      .map(([, value]) => value);
    // MongoDB has no statements.
    const drivers = [...DRIVERS.matchAll(/"([a-z-\d]+)"/g)].map(([, driver = '']) => driver);
    expect(drivers.length).toBeGreaterThan(15);
    for (const driver of drivers.filter((other) => other !== 'mongodb')) {
      expect(legal).toContain(systemName(driver));
      expect(systemName(driver)).not.toBe('other_sql');
    }
    fc.assert(
      fc.property(fc.string(), (driver) => {
        expect(legal).toContain(systemName(driver));
      }),
    );
  });

  it('of metrics are those of the conventions, or ours', () => {
    for (const [, name = ''] of METRICS.flatMap((file) => [...file.matchAll(NAME)]))
      expect(values.includes(name) || name.startsWith('query_lens.')).toBe(true);
  });

  it('of databases have their schema where there are schemas, and no directories', () => {
    const database = { database: 'shop', schema: 'sales' };
    expect(namespaceOf({ driver: 'postgres', ...database })).toBe('shop|sales');
    expect(namespaceOf({ driver: 'mysql', ...database })).toBe('shop');
    expect(namespaceOf({ driver: 'better-sqlite3', database: '/home/ann/shop.db' })).toBe('shop.db');
    expect(namespaceOf({ driver: 'sqljs' })).toBeUndefined();
  });

  it('of errors are few: no text of a message ever becomes one', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (type, code) => {
        expect(errorType({ type, code, message: '' })).toMatch(/^[\w$.]{1,64}$/);
      }),
    );
    expect(errorType({ type: 'error', code: '23505', status: '23505', message: '' })).toBe('23505');
    expect(errorType({ type: 'Error', code: 'ECONNREFUSED', message: '' })).toBe('ECONNREFUSED');
    expect(errorType({ type: 'a long story', message: '' })).toBe('_OTHER');
  });

  it('all stand on the page, and the page has no others', () => {
    const shown = [...page.matchAll(/^\| `([a-z_.<>]+)`/gm)].map(([, name = '']) => name);
    const metricNames = METRICS.flatMap((file) => [...file.matchAll(NAME)].map(([, name = '']) => name));
    const cacheMetrics = ['query_lens.cache.hits', 'query_lens.cache.misses', 'query_lens.cache.failures'];
    const spans = [
      'transaction',
      'connection.acquire',
      'stream',
      'cache.<operation>',
      'hydrate',
      'finding <kind>',
    ];
    const known = [
      ...Object.values(SEMCONV),
      ...Object.values(OWN),
      `${PARAMETER_PREFIX}<key>`,
      ...metricNames,
      ...cacheMetrics,
    ];
    expect(new Set(shown.filter((name) => !spans.includes(name)))).toEqual(new Set(known));
  });
});
