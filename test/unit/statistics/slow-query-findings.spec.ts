import { describe, expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { slowQueryFindings, type SeenFinding } from '../../../lib/statistics/slow-query-findings.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { NOON, query, unit } from './build-unit.js';

function findings(...calls: Parameters<typeof query>[]): readonly SeenFinding[] {
  const statistics = new Statistics();
  calls.forEach((call, at) => {
    statistics.add(unit({ startedAt: NOON + at, traceId: `t${at}`, analysed: [query(...call)] }), []);
  });
  return slowQueryFindings(statistics, DEFAULT_THRESHOLDS);
}

const calls = (count: number, executeMs: number, waitMs = 0): Parameters<typeof query>[] =>
  Array.from({ length: count }, () => [{ executeMs, waitMs }]);

describe('slow-query', () => {
  it('fires for three calls on the threshold', () => {
    expect(findings(...calls(3, 100))).toMatchObject([{ finding: { kind: 'slow-query' }, occurrences: 3 }]);
  });

  it('stays silent just below it, for two calls, and for one odd call among three', () => {
    expect(findings(...calls(3, 99.9))).toEqual([]);
    expect(findings(...calls(2, 300))).toEqual([]);
    expect(findings(...calls(2, 1), ...calls(1, 499))).toEqual([]);
  });

  it('fires for one call of five times the threshold', () => {
    expect(findings(...calls(1, 500))).toHaveLength(1);
    expect(findings(...calls(1, 499.9))).toEqual([]);
  });

  it('stays silent for a statement that waited for a connection', () => {
    expect(findings(...calls(10, 5, 900))).toEqual([]);
  });

  it('says so when a slow statement waited even longer', () => {
    expect(findings(...calls(3, 120, 900))[0]?.finding.evidence.text).toContain('a wait for a connection');
  });

  it('stays silent for transactions and schema work', () => {
    expect(
      findings(
        [{ executeMs: 900 }, { kind: 'schema', text: 'CREATE' }],
        [{ executeMs: 900 }, { kind: 'transaction' }],
      ),
    ).toEqual([]);
  });

  it('ranks by total time and keeps the traces of the slowest calls', () => {
    const seen = findings(
      [{ executeMs: 600 }, 'rare'],
      ...calls(40, 200).map(([record]) => [record, 'often'] as [object, string]),
    );
    expect(seen.map(({ finding }) => finding.statement?.text)).toEqual(['often', 'rare']);
    expect(seen[1]?.traceIds).toEqual(['t0']);
  });

  it('says why there is no index advice', () => {
    expect(findings(...calls(3, 100))[0]?.finding.whyNot).toMatch(/No plan has been read/);
  });
});

describe('slow-query while the application starts', () => {
  const started = (kinds: readonly ('bootstrap' | 'http')[]): readonly SeenFinding[] => {
    const statistics = new Statistics();
    for (const kind of kinds) statistics.add(unit({ kind, analysed: [query({ executeMs: 400 })] }), []);
    return slowQueryFindings(statistics, DEFAULT_THRESHOLDS);
  };

  it('stays silent for seeds and migrations', () => {
    expect(started(['bootstrap', 'bootstrap', 'bootstrap'])).toEqual([]);
  });

  it('fires when requests run the statement too', () => {
    expect(started(['bootstrap', 'bootstrap', 'http'])).toHaveLength(1);
  });
});
