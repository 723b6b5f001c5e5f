import { describe, expect, it } from '@jest/globals';
import { byteText } from '../../../lib/statistics/byte-text.js';

describe('bytes for people', () => {
  it.each([
    [0, '0 bytes'],
    [640, '640 bytes'],
    [999, '999 bytes'],
    [1_000, '1 kB'],
    [1_240, '1.2 kB'],
    [12_400, '12 kB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [3_400_000, '3.4 MB'],
  ])('%d', (bytes, text) => {
    expect(byteText(bytes)).toBe(text);
  });
});
