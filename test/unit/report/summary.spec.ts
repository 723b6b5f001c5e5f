import { describe, expect, it } from '@jest/globals';
import { FINDING_KINDS } from '../../../lib/analysis/finding.js';
import { areaOfKind, areas } from '../../../lib/report/areas.js';
import { summarise } from '../../../lib/report/summary.js';
import { emptyReport, sampleReport } from './sample-report.js';

describe('the summary', () => {
  it('has a subject for every kind of finding', () => {
    expect(FINDING_KINDS.filter((kind) => areaOfKind(kind) === undefined)).toEqual([]);
  });

  it('says what is bad first, and what is well in one line', () => {
    expect(areas(sampleReport()).map(({ name, state, text }) => `${name} ${state}: ${text}`)).toEqual([
      'relations error: 1 error, 2 warnings',
      'statements warning: 1 warning',
      'pools good: nobody waited for a connection',
      'transactions good: none long, none idle',
      'budgets good: no handler exceeded its budget',
      'query-lens good: 0.4 ms for each unit of work, off the request path',
      'indexes unused: no plan has been read',
      'caches unused: no cache was used',
    ]);
  });

  it('tells well from not seen', () => {
    const states = areas(emptyReport()).map(({ name, state }) => `${name} ${state}`);
    expect(states).toContain('relations unused');
    expect(states).toContain('statements unused');
  });

  it('says what QueryLens could not do', () => {
    const report = emptyReport();
    const failures = [{ where: 'analysis', count: 1, message: 'oh' }];
    const own = areas({ ...report, self: { ...report.self, failures, recordsDropped: 7 } });
    expect(own[0]).toMatchObject({
      name: 'query-lens',
      state: 'warning',
      text: 'failed in analysis; 7 records dropped',
    });
  });

  it('stays small and counts what to change', () => {
    const { worst, counts } = summarise(sampleReport());
    expect(worst[0]?.kind).toBe('truncated-relation');
    expect(counts).toMatchObject({
      routes: 4,
      loadingStrategies: 4,
      loadingStrategiesToChange: 3,
      slowQueries: 1,
      findings: 4,
    });
  });
});
