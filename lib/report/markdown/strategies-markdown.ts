import { countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { LoadingStrategyReport, Report } from '../report.js';
import { codeBlock, inlineCode, markdownTable, plain } from './markdown-text.js';

const MAX_ROWS = 100;
const MAX_CHANGES = 30;
const TITLES = ['route', 'relation', 'strategy', 'loads', 'statements', 'rows', 'time', 'verdict'];
const FIRST_FIGURE = 3;

/** One row for every relation of every route, then the changes with their code. */
export function strategiesMarkdown({ loadingStrategies: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const changes = all.filter(({ verdict }) => verdict.choice !== 'keep');
  const isRight = (column: number): boolean => column >= FIRST_FIGURE && column < TITLES.length - 1;
  const more = all.length - MAX_ROWS;
  return [
    `## Loading strategies: ${changes.length === 0 ? 'all fine' : `${countText(changes.length)} of ${countText(all.length)} to change`}`,
    '',
    ...markdownTable(TITLES, all.slice(0, MAX_ROWS).map(cells), isRight),
    ...(more > 0 ? ['', `… and ${countText(more)} more in the JSON report.`] : []),
    ...changes.slice(0, MAX_CHANGES).flatMap((row) => ['', ...changeMarkdown(row)]),
  ];
}

function cells(row: LoadingStrategyReport): readonly string[] {
  const { wait, execute, hydrate } = row.timeMs;
  return [
    inlineCode(row.route),
    inlineCode(row.relation),
    row.isCount === true ? 'count' : row.strategy,
    countText(row.loads),
    countText(row.statements),
    countText(row.rows),
    durationText(wait + execute + hydrate),
    row.verdict.choice,
  ];
}

function changeMarkdown({ relation, route, verdict }: LoadingStrategyReport): readonly string[] {
  return [
    `${inlineCode(relation)} on ${inlineCode(route)}: **${verdict.choice}**. ${plain(verdict.why)}`,
    ...(verdict.code === undefined ? [] : ['', ...codeBlock('ts', verdict.code)]),
  ];
}
