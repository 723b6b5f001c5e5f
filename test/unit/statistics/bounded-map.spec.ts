import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BoundedMap } from '../../../lib/statistics/bounded-map.js';

interface Entry {
  lastSeen: number;
  count: number;
}

function filled(maximum: number, keys: readonly string[], from = 0): BoundedMap<Entry> {
  const map = new BoundedMap<Entry>(maximum);
  keys.forEach((key, at) => {
    const entry = map.touch(key, () => ({ lastSeen: 0, count: 0 }));
    entry.lastSeen = from + at;
    entry.count++;
  });
  return map;
}

describe('BoundedMap', () => {
  it('gives up what was not seen for longest', () => {
    const map = filled(2, ['a', 'b', 'a', 'c']);
    expect([map.get('a')?.count, map.get('b'), map.get('c')?.count]).toEqual([2, undefined, 1]);
    expect(map.evicted).toBe(1);
  });

  it('never exceeds its maximum and counts everything it gave up', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 5 }), (keys, maximum) => {
        const map = filled(maximum, keys);
        expect(map.size).toBeLessThanOrEqual(maximum);
        if (map.evicted === 0) expect(map.size).toBe(new Set(keys).size);
        else expect(map.size).toBe(maximum);
      }),
    );
  });

  it('keeps the latest of both when merged', () => {
    const map = filled(2, ['old', 'shared'], 0);
    map.merge(
      filled(2, ['shared', 'new'], 10),
      () => ({ lastSeen: 0, count: 0 }),
      (into, from) => {
        into.count += from.count;
        into.lastSeen = Math.max(into.lastSeen, from.lastSeen);
      },
    );
    expect([map.get('old'), map.get('shared')?.count, map.get('new')?.count]).toEqual([undefined, 2, 1]);
    expect(map.evicted).toBe(1);
  });
});
