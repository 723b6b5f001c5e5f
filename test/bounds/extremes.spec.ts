import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { RecordedDriver } from './recorded-driver.js';

const letters = (count: number) => 'abcdefghij'.repeat(Math.ceil(count / 10)).slice(0, count);
const list = (count: number) => Array.from({ length: count }, (_, at) => String(at)).join(', ');

/** Statements of a size, as an application might send them by accident. */
const extremes: Readonly<Record<string, (size: number) => [string, unknown[]?]>> = {
  'a literal of a megabyte': (size) => [`SELECT * FROM note WHERE body = '${letters(10 * size)}'`],
  'a literal that never ends': (size) => [`SELECT * FROM note WHERE body = '${letters(10 * size)}`],
  'a comment of a megabyte': (size) => [`/*${letters(10 * size)}*/ SELECT 1 FROM note`],
  'white space of a megabyte': (size) => [`${' '.repeat(10 * size)}SELECT 1 FROM note`],
  'a list of 10,000 literals': (size) => [`SELECT * FROM note WHERE id IN (${list(size / 10)})`],
  'a list of 10,000 placeholders': (size) => {
    const values = Array.from({ length: size / 10 }, (_, at) => at);
    return [`SELECT * FROM note WHERE id IN (${values.map((at) => `$${String(at + 1)}`).join()})`, values];
  },
  '65,535 bound values': (size) => {
    const values = Array.from({ length: Math.min(65_535, size) }, (_, at) => `value ${String(at)}`);
    return [`INSERT INTO note VALUES ${values.map((_, at) => `($${String(at + 1)})`).join()}`, values];
  },
  'parentheses without end': (size) => ['SELECT ' + '('.repeat(10 * size)],
  'nothing but quotes': (size) => [`'"\``.repeat(3 * size)],
  'random bytes': (size) => [randomBytes(10 * size).toString('latin1')],
  'random characters': (size) => [randomBytes(10 * size).toString('utf16le')],
  'a value of ten megabytes': (size) => ['SELECT $1', [letters(100 * size), Buffer.alloc(100 * size)]],
};

describe('statements at the limits', () => {
  let recorded: RecordedDriver | undefined;
  afterEach(() => recorded?.line.close());

  const millisecondsFor = async (make: (size: number) => [string, unknown[]?], size: number) => {
    const driver = (recorded ??= new RecordedDriver());
    const [statement, values] = make(size);
    const started = performance.now();
    await driver.unit(3, () => statement, values);
    return performance.now() - started;
  };

  for (const [name, make] of Object.entries(extremes)) {
    it(`takes ${name} in linear time, and throws nothing`, async () => {
      await millisecondsFor(make, 10_000);
      const small = await millisecondsFor(make, 10_000);
      const large = await millisecondsFor(make, 100_000);
      const report = await recorded?.line.report();
      expect(report?.self.failures).toEqual([]);
      expect(report?.totals.queries).toBeGreaterThan(0);
      // Ten times as much, with room for a busy machine; quadratic would be a hundred times.
      expect(large).toBeLessThan(40 * Math.max(small, 5));
    });
  }
});
