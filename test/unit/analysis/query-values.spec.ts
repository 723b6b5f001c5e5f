import { describe, expect, it } from '@jest/globals';
import { valueKey } from '../../../lib/analysis/query-values.js';

describe('the key of a value', () => {
  it.each([
    [7, '7'],
    ['7', '7'],
    [7n, '7'],
    [true, 'true'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('of %p is %p', (value, key) => {
    expect(valueKey(value)).toBe(key);
  });

  it.each([[null], [undefined], [new Date(Number.NaN)], [{ id: 7 }], [[7]], [Symbol('7')]])(
    'is missing for %p',
    (value) => {
      expect(valueKey(value)).toBeUndefined();
    },
  );
});
