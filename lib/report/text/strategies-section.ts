import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { copiesText } from '../change-text.js';
import { entityGraphs, type ReadVerdict } from '../entity-graph.js';
import { entityGraphLines, type EntityGraphLine } from '../entity-graph-lines.js';
import { printable } from '../printable.js';
import type { LoadingStrategyReport, Report } from '../report.js';
import { fold } from './fold.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';
import { type Column, table } from './table.js';
import { verdictLines } from './verdict-lines.js';

/** More would not be read; the JSON report has them all. */
const MAX_ROUTES = 40;
const INDENT = span('  ');

const right = { align: 'right' } as const;

const READ_TEXT: Readonly<Record<ReadVerdict, string>> = {
  read: 'read',
  'sent-only': 'sent only',
  copied: 'copied',
  unread: 'unread',
  unknown: '',
};

/** `isWhereSaid`: left out where no line has anything there. */
interface GraphColumn extends Column<EntityGraphLine> {
  readonly isWhereSaid?: true;
}

const COLUMNS: readonly GraphColumn[] = [
  { title: 'relation', cell: ({ branch, edge }) => branch + printable(edge.row.relation), priority: 0 },
  {
    title: 'strategy',
    cell: of(({ strategy, isCount }) => (isCount === true ? 'count' : strategy)),
    priority: 0,
  },
  { title: 'loads', cell: of(({ loads }) => countText(loads)), priority: 1, ...right },
  { title: 'stmts', cell: of(({ statements }) => countText(statements)), priority: 2, ...right },
  { title: 'rows', cell: of(({ rows }) => countText(rows)), priority: 3, ...right },
  { title: 'copies', cell: of(copiesText), priority: 9, ...right, isWhereSaid: true },
  {
    title: 'id stmts',
    cell: of(({ idStatements = 0 }) => (idStatements === 0 ? '' : countText(idStatements))),
    priority: 10,
    ...right,
    isWhereSaid: true,
  },
  {
    title: 'fan-out p95',
    cell: of(({ fanOut, isCount }) => (isCount === true ? '' : countText(fanOut.p95))),
    priority: 6,
    ...right,
  },
  { title: 'wait', cell: of(({ timeMs }) => durationText(timeMs.wait)), priority: 8, ...right },
  { title: 'execute', cell: of(({ timeMs }) => durationText(timeMs.execute)), priority: 4, ...right },
  { title: 'hydrate', cell: of(({ timeMs }) => durationText(timeMs.hydrate)), priority: 7, ...right },
  { title: 'read', cell: ({ edge }) => READ_TEXT[edge.readState], priority: 5, isWhereSaid: true },
  {
    title: 'verdict',
    cell: of(({ verdict }) => verdict.choice),
    priority: 0,
    style: ({ edge }) => (edge.row.verdict.choice === 'keep' ? 'good' : 'warning'),
  },
];

function of(text: (row: LoadingStrategyReport) => string): (line: EntityGraphLine) => string {
  return ({ edge }) => text(edge.row);
}

/** How every relation was loaded, route by route as a tree of entities, and below it what to change. */
export function strategiesSection(report: Report, columns: number, width: number): readonly Line[] {
  const { loadingStrategies: rows } = report;
  if (rows.length === 0) return [];
  const changes = rows.filter(({ verdict }) => verdict.choice !== 'keep').length;
  const counts =
    changes === 0
      ? `all ${countText(rows.length)} fine`
      : `${countText(changes)} of ${countText(rows.length)} to change`;
  const routes = entityGraphs(rows).map((graph) => ({ route: graph.route, lines: entityGraphLines(graph) }));
  const all = routes.flatMap(({ lines }) => lines);
  const drawn = table(
    COLUMNS.filter(({ isWhereSaid, cell }) => isWhereSaid !== true || all.some((line) => cell(line) !== '')),
    all,
    columns - 2,
  );
  const more = routes.slice(MAX_ROUTES).flatMap(({ lines }) => lines);
  return [
    sectionTitle('Loading strategies', counts, columns),
    [],
    [INDENT, ...drawn.head],
    ...routes.slice(0, MAX_ROUTES).flatMap(({ route, lines }) => [
      ...fold(routeLine(report, route), width, [INDENT]),
      ...lines.map((line) => [
        INDENT,
        ...drawn.line(line, line.edge.row.verdict.choice === 'keep' ? 'faint' : undefined),
      ]),
      ...verdictLines(
        lines.map(({ edge }) => edge.row).filter(({ verdict }) => verdict.choice !== 'keep'),
        width,
      ),
      [],
    ]),
    ...(more.length === 0
      ? []
      : [[span(`… and ${counted(more.length, 'relation')} on further routes, in the JSON report`, 'faint')]]),
  ];
}

function routeLine({ routes }: Report, name: string): Line {
  const route = routes.find((candidate) => candidate.route === name);
  const heading = span(printable(name), 'strong');
  if (route === undefined) return [heading];
  const { units, queries, durationMs } = route;
  const statements = `${counted(queries.p50, 'statement')} each${queries.max > queries.p50 ? ` (max ${countText(queries.max)})` : ''}`;
  const figures = [counted(units, 'unit'), statements, `p95 ${durationText(durationMs.p95)}`];
  return [heading, span(`  ${figures.join(' · ')}`, 'faint')];
}
