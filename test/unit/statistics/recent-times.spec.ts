import { describe, expect, it } from '@jest/globals';
import { MAX_RECENT_STATEMENTS, RecentTimes } from '../../../lib/statistics/recent-times.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { NOON, query, unit } from './build-unit.js';

function times(values: readonly number[], at = 0): RecentTimes {
  const recent = new RecentTimes();
  for (const value of values) recent.add(value, at);
  return recent;
}

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('recent times', () => {
  it('are the last 32, oldest first', () => {
    expect(times([3, 1, 2]).list()).toEqual([3, 1, 2]);
    expect(times(upTo(40)).list()).toEqual(upTo(40).slice(-32));
    expect(times([NaN, -1, Infinity]).list()).toEqual([0, 0, Infinity]);
  });

  it('merge to the same, whichever takes in the other', () => {
    const [older, newer] = [() => times(upTo(20), 1), () => times(upTo(30), 2)];
    const [one, other] = [older(), newer()];
    one.merge(newer());
    other.merge(older());
    expect(one.list()).toEqual([...upTo(20), ...upTo(30)].slice(-32));
    expect(other.list()).toEqual(one.list());
  });

  it('are kept for the statements seen last', () => {
    const statistics = new Statistics();
    for (const at of upTo(MAX_RECENT_STATEMENTS + 1)) {
      const analysed = [query({ executeMs: at }, { text: `SELECT ${String(at)}`, fingerprint: String(at) })];
      statistics.add(unit({ startedAt: NOON + at, analysed }), []);
    }
    const recent = [...statistics.statements.values()].map((entry) => statistics.recentTimesOf(entry));
    expect(recent[0]).toEqual([]);
    expect(recent.at(-1)).toEqual([MAX_RECENT_STATEMENTS]);
  });
});
