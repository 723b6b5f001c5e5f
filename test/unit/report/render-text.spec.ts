import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { renderText } from '../../../lib/report/render-text.js';
import type { Report, ReportedFinding } from '../../../lib/report/report.js';
import { displayWidth } from '../../../lib/report/text/display-width.js';
import { emptyReport, sampleReport } from './sample-report.js';

/** Set UPDATE_GOLDEN=1 to write them anew, and read the difference. */
function golden(name: string, text: string): void {
  const file = new URL(`golden/${name}.txt`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('renderText', () => {
  it.each([60, 80, 120])('prints the sample at %d columns as in the golden file', (columns) => {
    golden(`sample-${columns}`, renderText(sampleReport(), { columns }));
  });

  it('says what it looked at when nothing was found', () => {
    golden(
      'nothing-found',
      renderText({ ...sampleReport(), findings: [] }, { columns: 80, sections: ['findings'] }),
    );
    golden('nothing-seen', renderText(emptyReport(), { columns: 80 }));
  });

  it('prints only the wanted sections', () => {
    const text = renderText(sampleReport(), { sections: ['slow-queries'] });
    expect(text).toContain('Slow queries');
    expect(text).not.toContain('Loading strategies');
    expect(text).not.toContain('QueryLens took');
  });

  it('keeps each finding searchable in one line where it fits', () => {
    expect(renderText(sampleReport(), { columns: 120 })).toContain(
      'n-plus-one Airport.departures x50 GET /airports airports.service.ts:31 in AirportsService.list',
    );
  });

  it.each(['suggested', 'planner-verified', 'measured'] as const)(
    'says of an index which rung of the ladder of proof was reached: %s',
    (rung) => {
      const report = sampleReport();
      const [first] = report.findings as [ReportedFinding];
      const verified = { rung, before: 'cost 512', after: 'cost 9', how: 'a hypothetical index of HypoPG' };
      const finding = {
        ...first,
        kind: 'missing-index' as const,
        advice: { text: 'Add an index.', verified },
      };
      const text = renderText({ ...report, findings: [finding] }, { columns: 120, sections: ['findings'] });
      expect(text).toContain(`proof   ${rung}: cost 512 -> cost 9, a hypothetical index of HypoPG`);
    },
  );

  it('tells what QueryLens could not do', () => {
    const report = sampleReport();
    const self = {
      ...report.self,
      evicted: { statements: 12 },
      failures: [{ where: 'analysis', count: 2, message: 'oh' }],
      degraded: ['relation loader not found'],
      ignores: [{ rule: 'n-plus-one Author.books', matched: 0, isExpired: true }],
    };
    golden('self', renderText({ ...report, self }, { columns: 80, sections: ['self'] }));
  });
});

const ESCAPES = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\u2066\r\nline\u0000\u2028\ud800';
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant(ESCAPES),
  fc.constant('漢字かな交じり文🙂🙂🙂漢字かな交じり文漢字かな交じり文'),
  fc.constant('averyverylongwordwithoutanyspace'.repeat(9)),
  fc.constant('SELECT "a"."b" FROM "c" WHERE "d" IN (?)'),
);

/** The sample with every text replaced by one of the given ones. */
function withTexts(report: Report, texts: readonly string[]): Report {
  let next = 0;
  const kept = new Set([
    'severity',
    'kind',
    'choice',
    'generatedAt',
    'from',
    'to',
    'firstSeen',
    'lastSeen',
    'strategy',
  ]);
  return JSON.parse(JSON.stringify(report), (key: string, value: unknown) =>
    typeof value === 'string' && !kept.has(key) ? texts[next++ % texts.length] : value,
  ) as Report;
}

const SAMPLE = sampleReport();
const hostileReport = fc
  .array(hostile, { minLength: 1, maxLength: 7 })
  .map((texts) => withTexts(SAMPLE, texts));
const width = fc.constantFrom(40, 60, 80, 120, 200);
const RUNS = { numRuns: 40 };

describe('renderText: laws', () => {
  it('never writes a line wider than the terminal', () => {
    fc.assert(
      fc.property(hostileReport, width, (report, columns) => {
        for (const line of renderText(report, { columns }).split('\n')) {
          expect({ line, isTooWide: displayWidth(line) > columns }).toEqual({ line, isTooWide: false });
        }
      }),
      RUNS,
    );
  });

  it('never lets a control character of others through', () => {
    fc.assert(
      fc.property(hostileReport, width, (report, columns) => {
        expect(renderText(report, { columns }).replaceAll('\n', '')).not.toMatch(
          /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u,
        );
        const coloured = renderText(report, { columns, color: true });
        expect(coloured.replace(/\u001b\[[\d;]+m/gu, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      }),
      RUNS,
    );
  });

  it('says the same with and without colour', () => {
    const trimmed = (text: string): string => text.replace(/ +$/gmu, '');
    fc.assert(
      fc.property(hostileReport, width, (report, columns) => {
        const coloured = stripVTControlCharacters(renderText(report, { columns, color: true }));
        expect(trimmed(coloured)).toBe(trimmed(renderText(report, { columns })));
      }),
      RUNS,
    );
  });
});
