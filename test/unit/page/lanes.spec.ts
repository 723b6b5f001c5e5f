import { describe, expect, it } from '@jest/globals';
import type { UnitStatement } from '../../../lib/unit-view.js';
import { endOf, lanesOf, ticksOf } from '../../../page/parts/lanes.js';

let sequence = 0;
const statement = (
  fingerprint: string,
  startMs: number,
  more: Partial<UnitStatement> = {},
): UnitStatement => ({
  sequence: sequence++,
  dataSource: 'default',
  fingerprint,
  statement: `SELECT * FROM ${fingerprint}`,
  startMs,
  waitMs: 1,
  executeMs: 2,
  ...more,
});

describe('the lanes of a waterfall', () => {
  it('show a loop as one, and single statements apart', () => {
    const lanes = lanesOf({
      statements: [
        statement('authors', 0),
        statement('books', 5),
        statement('books', 8),
        statement('books', 11, { error: '42703' }),
        statement('authors', 14),
        statement('authors', 17),
      ],
      caches: [],
      hydrations: [],
    });
    expect(lanes.map(({ name, count, hasFailed }) => [name, count, hasFailed])).toEqual([
      ['SELECT authors', 1, false],
      ['SELECT books', 3, true],
      ['SELECT authors', 1, false],
      ['SELECT authors', 1, false],
    ]);
    expect(lanes[1]?.bars.slice(0, 2)).toEqual([
      { kind: 'wait', startMs: 5, durationMs: 1 },
      { kind: 'execute', startMs: 6, durationMs: 2 },
    ]);
  });

  it('put hydration where it happened', () => {
    const hydrations = [{ entity: 'Author', entities: 50, startMs: 3, durationMs: 4 }];
    const lanes = lanesOf({
      statements: [statement('authors', 0), statement('books', 9)],
      caches: [],
      hydrations,
    });
    expect(lanes.map(({ name }) => name)).toEqual(['SELECT authors', '50 × Author', 'SELECT books']);
    expect(endOf(lanes, 10)).toBe(12);
    expect(endOf([], 0)).toBeGreaterThan(0);
  });

  it('show what the caches were asked for', () => {
    const access = { cache: 'default', via: 'application', pattern: 'author:*', durationMs: 1 } as const;
    const lanes = lanesOf({
      statements: [statement('authors', 5)],
      caches: [
        { ...access, operation: 'get', outcome: 'miss', startMs: 1 },
        { ...access, operation: 'set', outcome: 'set', startMs: 9, error: 'ECONNREFUSED' },
      ],
      hydrations: [],
    });
    expect(lanes.map(({ name, place, hasFailed }) => [name, place, hasFailed])).toEqual([
      ['get miss author:*', 'default', false],
      ['SELECT authors', undefined, false],
      ['set author:*', 'default', true],
    ]);
  });

  it('are measured in round steps', () => {
    expect(ticksOf(11)).toEqual([0, 5, 10]);
    expect(ticksOf(100)).toEqual([0, 20, 40, 60, 80, 100]);
    for (const end of [0.001, 0.7, 3, 49, 1_234, 86_400_000]) {
      expect(ticksOf(end).length).toBeLessThanOrEqual(6);
      expect(ticksOf(end).at(-1)).toBeLessThanOrEqual(end * 1.000001);
    }
  });
});
