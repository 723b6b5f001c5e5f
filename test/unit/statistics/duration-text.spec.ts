import { describe, expect, it } from '@jest/globals';
import { durationText } from '../../../lib/statistics/duration-text.js';

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

describe('durationText', () => {
  it.each([
    [0, '0 ms'],
    [0.01, '<0.1 ms'],
    [38.2, '38 ms'],
    [3.21 * SECOND, '3.2 s'],
    [89 * MINUTE, '89 min'],
    [90 * MINUTE, '1.5 h'],
    [47 * HOUR, '47 h'],
    [48 * HOUR, '2 days'],
    [2_500 * HOUR, '104 days'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
