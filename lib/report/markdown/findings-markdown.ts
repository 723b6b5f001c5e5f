import { counted, countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { CallSite } from '../../record/call-site.js';
import { hasCost } from '../has-cost.js';
import type { Report, ReportedFinding } from '../report.js';
import { subjectText } from '../finding-line.js';
import { codeBlock, inlineCode, plain } from './markdown-text.js';

/** Whoever reads more works from the JSON report. */
const MAX_FINDINGS = 50;

/** Every finding with what was seen, what it costs, where, and the change to make; worst first. */
export function findingsMarkdown({ findings, totals }: Report): readonly string[] {
  const { error, warning, info } = totals.findings;
  const counts = [
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(warning > 0 ? [counted(warning, 'warning')] : []),
    ...(info > 0 ? [`${countText(info)} worth knowing`] : []),
  ].join(', ');
  const more = findings.length - MAX_FINDINGS;
  return [
    `## Findings: ${counts === '' ? 'none' : counts}`,
    ...findings.slice(0, MAX_FINDINGS).flatMap((finding, at) => ['', ...findingMarkdown(finding, at + 1)]),
    ...(more > 0 ? ['', `… and ${countText(more)} more in the JSON report.`] : []),
  ];
}

function findingMarkdown(finding: ReportedFinding, rank: number): readonly string[] {
  const { kind, severity, route, title, evidence, advice, whyNot } = finding;
  const about = subjectText(finding);
  const subject = about === '' ? '' : ` ${inlineCode(about)}`;
  return [
    `### ${String(rank)}. ${kind}${subject}${route === '' ? '' : ` on ${inlineCode(route)}`}`,
    '',
    `${severity}: ${plain(title)}`,
    '',
    `- Seen: ${plain(evidence.text)}`,
    ...(hasCost(finding) ? [costLine(finding)] : []),
    ...places(finding.callSites),
    ...(advice.text === '' ? [] : [`- Change: ${plain(advice.text)}`]),
    ...proofLine(finding),
    ...(whyNot === undefined ? [] : [`- Note: ${plain(whyNot)}`]),
    ...(advice.code === undefined ? [] : ['', ...codeBlock('ts', advice.code)]),
    ...(finding.statement === undefined ? [] : ['', ...codeBlock('sql', finding.statement.text)]),
  ];
}

/** An index that is only suggested has its reasons there all the same. */
function proofLine({ kind, advice: { verified } }: ReportedFinding): readonly string[] {
  if (verified === undefined) return [];
  const { rung, before, after, how } = verified;
  return rung === 'suggested' && kind !== 'missing-index'
    ? [`- Not verified: ${plain(how)}`]
    : [`- Proof (${rung}): ${plain(`${before} → ${after}, ${how}`)}`];
}

/** What belongs to no unit of work has cost nobody anything that was seen. */
function costLine({ cost, occurrences }: ReportedFinding): string {
  return `- Cost: ${counted(cost.statements, 'statement')}, ${counted(cost.rows, 'row')}, ${durationText(cost.timeMs)} at worst; ${counted(occurrences, 'occurrence')}`;
}

/** Whole paths: an assistant opens the file. */
function places(callSites: readonly CallSite[]): readonly string[] {
  const [...names] = new Set(
    callSites.map(
      (site) => `${inlineCode(`${site.file}:${String(site.line)}`)} in ${inlineCode(site.function)}`,
    ),
  );
  return names.length === 0 ? [] : [`- Where: ${names.join(', ')}`];
}
