import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Distribution } from '../../../lib/statistics/distribution.js';

const QUANTILES = [0, 0.25, 0.5, 0.95, 0.99, 1];
const durations = fc.array(fc.double({ min: 0.05, max: 30, noNaN: true }), { minLength: 1, maxLength: 300 });

function of(values: readonly number[]): Distribution {
  const distribution = new Distribution();
  for (const value of values) distribution.add(value);
  return distribution;
}

function exact(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0;
}

describe('Distribution', () => {
  it('answers every quantile within 1 %', () => {
    fc.assert(
      fc.property(durations, (values) => {
        for (const q of QUANTILES) {
          const expected = exact(values, q);
          expect(Math.abs(of(values).quantile(q) - expected)).toBeLessThanOrEqual(expected * 0.0101);
        }
      }),
    );
  });

  it('merges to what one distribution would have counted, within the accuracy of the sketch', () => {
    fc.assert(
      fc.property(durations, durations, (a, b) => {
        const merged = of(a);
        merged.merge(of(b));
        const whole = [...a, ...b];
        expect(merged.count).toBe(whole.length);
        expect(merged.max).toBe(Math.max(...whole));
        for (const q of QUANTILES) {
          const expected = exact(whole, q);
          expect(Math.abs(merged.quantile(q) - expected)).toBeLessThanOrEqual(expected * 0.0201);
        }
      }),
    );
  });

  it('keeps every count when the greatest value of one side is about 1, where the sketch merges wrongly itself', () => {
    const small = of(Array.from({ length: 40 }, (_, i) => 0.05 + i / 1_000));
    small.merge(of(Array.from({ length: 40 }, () => 1)));
    expect(small.count).toBe(80);
    expect(small.quantile(1)).toBeCloseTo(1, 1);
    expect(small.quantile(0.9)).toBeCloseTo(1, 1);
  });

  it('counts weighted values as so many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 40 }))),
        (pairs) => {
          const weighted = new Distribution();
          for (const [value, weight] of pairs) weighted.add(value, weight);
          const repeated = of(
            pairs.flatMap(([value, weight]) => Array.from({ length: weight }, () => value)),
          );
          expect(weighted.count).toBe(repeated.count);
          for (const q of QUANTILES) expect(weighted.quantile(q)).toBeCloseTo(repeated.quantile(q), 6);
        },
      ),
    );
  });

  it.each([NaN, -1, -Infinity, -0])('takes %p for zero', (value) => {
    const distribution = of([value]);
    expect(distribution.percentiles()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
    expect(distribution.count).toBe(1);
    expect(distribution.sum).toBe(0);
  });

  it('survives any number and stays finite', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 60 }), (values) => {
        for (const figure of Object.values(of(values).percentiles()))
          expect(Number.isFinite(figure)).toBe(true);
      }),
    );
  });

  it('is zero when empty', () => {
    expect(new Distribution().percentiles()).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
  });
});
