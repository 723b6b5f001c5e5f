import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MssqlParameter } from 'typeorm';
import { boundValues } from '../../../lib/capture/bound-values.js';

const value = () =>
  fc.oneof(
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.constant(null),
    fc.date(),
    fc.uint8Array(),
    fc.jsonValue(),
  );

describe('boundValues', () => {
  it('has equal digests for equal lists', () => {
    fc.assert(
      fc.property(fc.array(value(), { maxLength: 50 }), (values) => {
        expect(boundValues(structuredClone(values))).toEqual(boundValues(values));
      }),
    );
  });

  it('has different digests for lists that differ in one value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 50 }), fc.nat(), (values, at) => {
        const other = values.map((number, index) => (index === at % values.length ? number + 1 : number));
        expect(boundValues(other).digest).not.toBe(boundValues(values).digest);
      }),
    );
  });

  it('keeps what TypeORM wraps for SQL Server', () => {
    const wrapped = [1, 'ann', null].map((inner) => new MssqlParameter(inner, 'int'));
    expect(boundValues(wrapped)).toEqual(boundValues([1, 'ann', null]));
  });

  it('keeps 32 values, none of them large', () => {
    const many = boundValues(Array.from({ length: 65_535 }, (_, index) => index));
    expect(many).toMatchObject({ count: 65_535 });
    expect(many.kept).toHaveLength(32);
    const large = boundValues([
      'x'.repeat(10_000),
      Buffer.alloc(1_000_000),
      Array.from({ length: 9 }, () => 'y'),
      { a: 1 },
    ]);
    expect(large.kept).toEqual([
      'x'.repeat(256),
      expect.stringMatching(/^buffer\(1000000\):[0-9a-f]{8}$/),
      expect.stringMatching(/^array\(9\):[0-9a-f]{8}$/),
      expect.stringMatching(/^object:[0-9a-f]{8}$/),
    ]);
  });

  it('takes little time for very many and very large values', () => {
    const start = performance.now();
    boundValues(Array.from({ length: 65_535 }, (_, index) => `value ${index}`));
    boundValues([Buffer.alloc(50_000_000), 'z'.repeat(5_000_000), Array.from({ length: 500_000 }, () => 1)]);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  it('does not follow circles for ever', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(boundValues([circle]).count).toBe(1);
  });
});
