import { describe, expect, it } from '@jest/globals';
import { clockText } from '../../../page/parts/time-text.js';

describe('a time on the page', () => {
  const now = new Date(2026, 2, 1, 3, 4, 5);

  it('is the time of day, to the second, today', () => {
    expect(clockText(new Date(2026, 2, 1, 0, 7, 9).toISOString(), now)).toBe('00:07:09');
  });

  it('says the day where it is another one', () => {
    expect(clockText(new Date(2026, 1, 26, 23, 59, 58).toISOString(), now)).toBe('26 Feb 23:59');
    expect(clockText(new Date(2025, 2, 1, 3, 4, 5).toISOString(), now)).toBe('1 Mar 03:04');
  });
});
