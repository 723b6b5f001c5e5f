import { countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { changeText, copiesText } from '../change-text.js';
import type { LoadingStrategyReport, Report } from '../report.js';
import { codeBlock, inlineCode, markdownTable, plain } from './markdown-text.js';

const MAX_ROWS = 100;
const MAX_CHANGES = 30;

/** `isWhereSaid`: left out where no row has anything there. */
interface MarkdownColumn {
  readonly title: string;
  readonly cell: (row: LoadingStrategyReport) => string;
  readonly isFigure?: true;
  readonly isWhereSaid?: true;
}

const COLUMNS: readonly MarkdownColumn[] = [
  { title: 'route', cell: ({ route }) => inlineCode(route) },
  { title: 'relation', cell: ({ relation }) => inlineCode(relation) },
  { title: 'strategy', cell: ({ strategy, isCount }) => (isCount === true ? 'count' : strategy) },
  { title: 'loads', cell: ({ loads }) => countText(loads), isFigure: true },
  { title: 'statements', cell: ({ statements }) => countText(statements), isFigure: true },
  {
    title: 'id statements',
    cell: ({ idStatements = 0 }) => (idStatements === 0 ? '' : countText(idStatements)),
    isFigure: true,
    isWhereSaid: true,
  },
  { title: 'rows', cell: ({ rows }) => countText(rows), isFigure: true },
  { title: 'copies of each', cell: copiesText, isFigure: true, isWhereSaid: true },
  {
    title: 'time',
    cell: ({ timeMs: { wait, execute, hydrate } }) => durationText(wait + execute + hydrate),
    isFigure: true,
  },
  { title: 'verdict', cell: ({ verdict }) => verdict.choice },
];

/** One row for every relation of every route, then the changes with their code. */
export function strategiesMarkdown({ loadingStrategies: all }: Report): readonly string[] {
  if (all.length === 0) return [];
  const changes = all.filter(({ verdict }) => verdict.choice !== 'keep');
  const shown = all.slice(0, MAX_ROWS);
  const columns = COLUMNS.filter(
    ({ isWhereSaid, cell }) => isWhereSaid !== true || shown.some((row) => cell(row) !== ''),
  );
  const more = all.length - MAX_ROWS;
  return [
    `## Loading strategies: ${changes.length === 0 ? 'all fine' : `${countText(changes.length)} of ${countText(all.length)} to change`}`,
    '',
    ...markdownTable(
      columns.map(({ title }) => title),
      shown.map((row) => columns.map(({ cell }) => cell(row))),
      (at) => columns[at]?.isFigure === true,
    ),
    ...(more > 0 ? ['', `… and ${countText(more)} more in the JSON report.`] : []),
    ...changes.slice(0, MAX_CHANGES).flatMap((row) => ['', ...changeMarkdown(row)]),
  ];
}

function changeMarkdown(row: LoadingStrategyReport): readonly string[] {
  const { relation, route, verdict } = row;
  const words = [verdict.why, changeText(row)].filter((text) => text !== '').map(plain);
  return [
    `${inlineCode(relation)} on ${inlineCode(route)}: **${verdict.choice}**. ${words.join(' ')}`,
    ...(verdict.code === undefined ? [] : ['', ...codeBlock('ts', verdict.code)]),
  ];
}
