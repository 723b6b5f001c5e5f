import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../lib/analysis/finding.js';
import { verifiedFinding } from '../../../lib/report/verified-finding.js';

const finding: Finding = {
  kind: 'n-plus-one',
  severity: 'warning',
  title: 'Author.books was loaded 50 times',
  route: 'GET /authors',
  dataSource: 'default',
  relation: 'Author.books',
  callSites: [],
  evidence: { text: 'Seen.', facts: {} },
  cost: { statements: 50, rows: 100, timeMs: 38 },
  advice: { text: 'Load it together.', code: 'find()', choice: 'join' },
};
const verified = { rung: 'measured', before: '51 statements', after: '1 statement', how: 'same' } as const;

const after = (
  verification: Parameters<typeof verifiedFinding>[1] extends ReadonlyMap<string, infer V> ? V : never,
) => verifiedFinding({ id: 'a', finding }, new Map([['a', verification]])).finding;

describe('a finding whose advice was tried', () => {
  it('has the proof beside the advice', () => {
    expect(after({ kind: 'confirmed', verified }).advice).toEqual({ ...finding.advice, verified });
  });

  it('loses an advice that did not help, and says why', () => {
    const { advice, whyNot } = after({ kind: 'withdrawn', whyNot: 'It took longer.' });
    expect(Object.keys(advice)).toEqual(['text']);
    expect(advice.text).toMatch(/^No change: /);
    expect(whyNot).toBe('It took longer.');
  });

  it('has another advice where that is what helps, with what came of the usual one', () => {
    const instead = {
      text: 'Load it beside.',
      code: 'findBy()',
      choice: 'batch',
      whyNot: 'It took longer.',
    } as const;
    const { advice, whyNot } = after({ kind: 'confirmed', verified, instead });
    expect(advice).toEqual({
      text: 'Load it beside. It took longer.',
      code: 'findBy()',
      choice: 'batch',
      verified,
    });
    expect(whyNot).toBeUndefined();
  });

  it('keeps an advice that could not be tried, with the reason', () => {
    const { advice, whyNot } = after({ kind: 'untried', whyNot: 'the data source is gone' });
    expect(advice).toMatchObject({
      code: 'find()',
      verified: { rung: 'suggested', after: 'not tried', how: 'the data source is gone' },
    });
    expect(whyNot).toBeUndefined();
  });

  it('stays as it is where nothing was tried', () => {
    const seen = { id: 'b', finding };
    expect(verifiedFinding(seen, new Map([['a', { kind: 'withdrawn', whyNot: '' }]]))).toBe(seen);
  });
});
