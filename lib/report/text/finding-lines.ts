import type { Severity } from '../../analysis/finding.js';
import { describeCallSite } from '../../record/call-site.js';
import { byteText } from '../../statistics/byte-text.js';
import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { findingLine } from '../finding-line.js';
import { hasCost } from '../has-cost.js';
import { printable } from '../printable.js';
import type { ReportedFinding } from '../report.js';
import { codeLines } from './code-lines.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';
import type { Style } from './style.js';

const MARKS: Readonly<Record<Severity, string>> = { error: '✖', warning: '▲', info: '●' };
const GUTTER = span('  │ ', 'faint');
const LABEL_WIDTH = 8;

/** One finding: the searchable line, what was seen, what it costs, the change to make. */
export function findingLines(finding: ReportedFinding, width: number): readonly Line[] {
  const { severity, title, evidence, advice, whyNot, callSites, traceIds } = finding;
  const [head, what] = [headline(finding, severity, width), within([span(printable(title))], width)];
  // The section of slow queries says the rest.
  if (finding.kind === 'slow-query') return [...head, ...what];
  const [first, ...rest] = callSites.map(describeCallSite);
  const others = [...new Set(rest)].filter((place) => place !== first);
  const code = advice.code === undefined ? [] : codeLines(advice.code, width - 4 - LABEL_WIDTH);
  return [
    ...head,
    ...what,
    ...labelled('seen', evidence.text, width),
    ...(hasCost(finding) ? labelled('cost', costText(finding), width) : []),
    ...labelled('change', advice.text, width, 'strong'),
    ...code.map((line) => [GUTTER, span(' '.repeat(LABEL_WIDTH)), ...line]),
    ...proofLines(finding, width),
    ...(whyNot === undefined ? [] : labelled('note', whyNot, width)),
    ...(others.length === 0 ? [] : labelled('also', others.join(', '), width)),
    ...(traceIds.length === 0 ? [] : labelled('trace', traceIds.slice(0, 2).join(' '), width, 'faint')),
  ];
}

/** The rung of the ladder that was reached. An index that is only suggested has its reasons there all the same. */
function proofLines({ kind, advice: { verified } }: ReportedFinding, width: number): readonly Line[] {
  if (verified === undefined) return [];
  const { rung, before, after, how } = verified;
  if (kind === 'missing-index') return labelled('proof', `${rung}: ${before} -> ${after}, ${how}`, width);
  return rung === 'measured'
    ? labelled('proof', `verified: ${before} -> ${after}, ${how}`, width)
    : labelled('proof', rung === 'suggested' ? `not verified: ${how}` : `${after}: ${how}`, width, 'faint');
}

function headline(finding: ReportedFinding, severity: Severity, width: number): readonly Line[] {
  const [kind = '', ...rest] = findingLine(finding).split(' ');
  const line = [span(`${MARKS[severity]} ${kind}`, severity), span(` ${rest.join(' ')}`, 'strong')];
  return fold(line, width, [span('  ')]);
}

function within(line: Line, width: number): readonly Line[] {
  return fold([GUTTER, ...line], width, [GUTTER]);
}

function labelled(label: string, text: string, width: number, style?: Style): readonly Line[] {
  const start = [GUTTER, span(label.padEnd(LABEL_WIDTH), 'faint')];
  return fold([...start, span(printable(text), style)], width, [GUTTER, span(' '.repeat(LABEL_WIDTH))]);
}

/** Judged over all calls: the cost is that of one call, on average. */
const OF_TOTALS: ReadonlySet<string> = new Set(['slow-query', 'cacheable-query', 'cache-stampede']);

function costText({ cost, occurrences, kind }: ReportedFinding): string {
  const once = [
    counted(cost.statements, 'statement'),
    counted(cost.rows, 'row'),
    ...(cost.bytes === undefined ? [] : [byteText(cost.bytes)]),
    durationText(cost.timeMs),
  ].join(' · ');
  if (occurrences <= 1) return once;
  const often = `${countText(occurrences)} times`;
  return OF_TOTALS.has(kind) ? `${once} a call, ${often}` : `${once} at worst, seen ${often}`;
}
