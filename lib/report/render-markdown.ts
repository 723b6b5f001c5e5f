import { countText } from '../statistics/count-text.js';
import { durationText } from '../statistics/duration-text.js';
import { cachesMarkdown } from './markdown/caches-markdown.js';
import { findingsMarkdown } from './markdown/findings-markdown.js';
import { headMarkdown } from './markdown/head-markdown.js';
import { plain } from './markdown/markdown-text.js';
import { poolsMarkdown } from './markdown/pools-markdown.js';
import { replicationMarkdown } from './markdown/replication-markdown.js';
import { slowQueriesMarkdown } from './markdown/slow-queries-markdown.js';
import { strategiesMarkdown } from './markdown/strategies-markdown.js';
import { transactionsMarkdown } from './markdown/transactions-markdown.js';
import type { Report } from './report.js';

/** The report for an issue or an AI assistant: CommonMark with tables. No text of others becomes markup. */
export function renderMarkdown(report: Report): string {
  const blocks = [
    headMarkdown(report),
    findingsMarkdown(report),
    strategiesMarkdown(report),
    slowQueriesMarkdown(report),
    cachesMarkdown(report),
    poolsMarkdown(report),
    replicationMarkdown(report),
    transactionsMarkdown(report),
    selfMarkdown(report),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

function selfMarkdown({ self }: Report): readonly string[] {
  const { analysisMicroseconds, recordsDropped, degraded, failures } = self;
  return [
    `QueryLens itself took ${durationText(analysisMicroseconds / 1_000)} off the request path; ${countText(recordsDropped)} records dropped.`,
    ...degraded.map((text) => `Degraded: ${plain(text)}`),
    ...failures.map(({ where, message }) => `Failed in ${plain(where)}: ${plain(message)}`),
  ];
}
