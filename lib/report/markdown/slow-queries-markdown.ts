import { describeCallSite } from '../../record/call-site.js';
import { countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { Report, SlowQueryReport } from '../report.js';
import { codeBlock, inlineCode, plain } from './markdown-text.js';

const MAX_QUERIES = 20;

/** The statements above the threshold, by the time they took together. */
export function slowQueriesMarkdown({ slowQueries }: Report): readonly string[] {
  const slow = slowQueries.filter(({ isSlow }) => isSlow);
  return [
    `## Slow queries: ${slow.length === 0 ? 'none' : countText(slow.length)}`,
    ...slow.slice(0, MAX_QUERIES).flatMap((query, at) => ['', ...queryMarkdown(query, at + 1)]),
    ...(slow.length > MAX_QUERIES
      ? ['', `… and ${countText(slow.length - MAX_QUERIES)} more in the JSON report.`]
      : []),
  ];
}

function queryMarkdown(query: SlowQueryReport, rank: number): readonly string[] {
  const { summary, totalMs, count, p50Ms, p95Ms, maxMs, waitMs, rows, errors, advice, whyNot } = query;
  const places = query.callSites.map((site) => inlineCode(describeCallSite(site)));
  const failed = errors === 0 ? '' : `, ${countText(errors)} failed`;
  return [
    `### ${String(rank)}. ${inlineCode(summary)}`,
    '',
    `- ${durationText(totalMs)} in ${countText(count)} calls: p50 ${durationText(p50Ms)}, p95 ${durationText(p95Ms)}, max ${durationText(maxMs)}, ${durationText(waitMs)} waiting, ${countText(rows)} rows${failed}`,
    `- Routes: ${query.routes.map(inlineCode).join(', ')}`,
    ...(places.length === 0 ? [] : [`- Where: ${places.join(', ')}`]),
    ...advice.map(({ text }) => `- Advice: ${plain(text)}`),
    ...(whyNot === undefined ? [] : [`- Note: ${plain(whyNot)}`]),
    '',
    ...codeBlock('sql', query.statement),
    ...advice.flatMap(({ code }) => (code === undefined ? [] : ['', ...codeBlock('ts', code)])),
  ];
}
