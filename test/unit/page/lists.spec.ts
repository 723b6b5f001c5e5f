import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { found, sorted } from '../../../page/parts/arrange.js';
import { visibleRange } from '../../../page/parts/visible-range.js';

const columns = [
  { name: 'name', value: ({ name }: { name: string }) => name },
  { name: 'size', value: ({ size }: { size: number }) => size },
  { name: 'picture' },
];
const rows = [
  { name: 'b', size: 2 },
  { name: 'a', size: 10 },
  { name: 'c', size: 1 },
];

describe('the lists of the page', () => {
  it('find rows by all words, in any case', () => {
    const texts = ['GET /authors n-plus-one', 'GET /books n-plus-one', 'POST /authors'];
    expect(found(texts, ' n-PLUS authors ', (text) => text)).toEqual([texts[0]]);
    expect(found(texts, '  ', (text) => text)).toBe(texts);
  });

  it('sort figures as figures, words as words, and leave the order for unknown names', () => {
    const names = (sort: string) =>
      sorted(rows, columns, sort)
        .map(({ name }) => name)
        .join('');
    expect([names('size'), names('-size'), names('name'), names('-name')]).toEqual([
      'cba',
      'abc',
      'abc',
      'cba',
    ]);
    expect([names(''), names('picture'), names('-nothing')]).toEqual(['bac', 'bac', 'bac']);
  });

  it('draw what the window shows, and little more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20_000 }),
        fc.integer({ min: -2_000, max: 900_000 }),
        fc.integer({ min: 100, max: 2_000 }),
        (count, scrolled, height) => {
          const rowHeight = 41;
          const { from, to } = visibleRange({ count, rowHeight, scrolled, height });
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(count);
          expect(to - from).toBeLessThanOrEqual(height / rowHeight + 27);
          const first = Math.max(0, Math.floor(scrolled / rowHeight));
          const last = Math.min(count - 1, Math.floor((scrolled + height - 1) / rowHeight));
          for (const row of [first, last]) {
            const isOnScreen = row <= last && row >= first;
            if (isOnScreen) expect(row >= from && row < to).toBe(true);
          }
        },
      ),
    );
  });
});
