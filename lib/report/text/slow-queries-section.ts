import { describeCallSite } from '../../record/call-site.js';
import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { NO_PLAN_YET } from '../../statistics/slow-query-findings.js';
import { statementName } from '../../statistics/statement-name.js';
import { printable } from '../printable.js';
import type { Report, SlowQueryReport } from '../report.js';
import { codeLines } from './code-lines.js';
import { fold } from './fold.js';
import { planLines } from './plan-lines.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';
import { statementLines } from './statement-lines.js';
import { type Column, table } from './table.js';

const MAX_SLOW = 10;
const MAX_OTHERS = 5;
const MAX_ROUTES = 3;
const INDENT = span('    ');

const right = { align: 'right' } as const;

interface Ranked extends SlowQueryReport {
  readonly rank: number;
}

const COLUMNS: readonly Column<Ranked>[] = [
  { title: '#', cell: ({ rank }) => String(rank), priority: 0, ...right },
  {
    title: 'total',
    cell: ({ totalMs }) => durationText(totalMs),
    priority: 0,
    ...right,
    style: () => 'strong',
  },
  { title: 'calls', cell: ({ count }) => countText(count), priority: 1, ...right },
  { title: 'p50', cell: ({ p50Ms }) => durationText(p50Ms), priority: 5, ...right },
  { title: 'p95', cell: ({ p95Ms }) => durationText(p95Ms), priority: 2, ...right, style: slowStyle },
  { title: 'max', cell: ({ maxMs }) => durationText(maxMs), priority: 4, ...right },
  { title: 'wait', cell: ({ waitMs }) => durationText(waitMs), priority: 6, ...right },
  { title: 'rows', cell: ({ rows }) => countText(rows), priority: 3, ...right },
];

function slowStyle({ isSlow }: Ranked): 'warning' | undefined {
  return isSlow ? 'warning' : undefined;
}

/** Statements by the time they took together: the slow ones in full, then what else is worth a look. */
export function slowQueriesSection(report: Report, columns: number, width: number): readonly Line[] {
  const traffic = trafficOf(report);
  const slow = traffic.filter(({ isSlow }) => isSlow);
  const shown = slow.slice(0, MAX_SLOW).map(ranked(1));
  const others = worthALook(traffic.filter(({ isSlow }) => !isSlow)).map(ranked(shown.length + 1));
  if (shown.length + others.length === 0) return [];
  const drawn = table(COLUMNS, [...shown, ...others], columns);
  return [
    sectionTitle(
      'Slow queries',
      slow.length === 0 ? 'none' : `${countText(slow.length)}, by total time`,
      columns,
    ),
    [],
    drawn.head,
    ...shown.flatMap((query) => [drawn.line(query), ...details(query, width), []]),
    ...(slow.length > shown.length
      ? [[span(`… and ${countText(slow.length - shown.length)} more, in the JSON report`, 'faint')], []]
      : []),
    ...(shown.some(({ whyNot }) => whyNot === NO_PLAN_YET)
      ? [...fold([span(NO_PLAN_YET, 'faint')], width), []]
      : []),
    ...(others.length === 0 ? [] : [[span('Not slow, but they add up', 'faint')]]),
    ...others.flatMap((query) => [
      drawn.line(query),
      ...where(query, width, statementName(query.statement)),
      ...notes(query, width),
    ]),
  ];
}

/** Those that took most time, and further ones that an index would help. */
function worthALook(others: readonly SlowQueryReport[]): readonly SlowQueryReport[] {
  const advised = others.slice(MAX_OTHERS).filter(({ advice }) => advice.length > 0);
  return [...others.slice(0, MAX_OTHERS), ...advised.slice(0, MAX_OTHERS)];
}

/** What ran while the application started, and only then, is no traffic. */
function trafficOf({ slowQueries, routes }: Report): readonly SlowQueryReport[] {
  const startup = new Set(routes.filter(({ kind }) => kind === 'bootstrap').map(({ route }) => route));
  return slowQueries.filter(
    (query) => query.routes.length === 0 || !query.routes.every((route) => startup.has(route)),
  );
}

function ranked(first: number): (query: SlowQueryReport, at: number) => Ranked {
  return (query, at) => ({ ...query, rank: first + at });
}

function details(query: SlowQueryReport, width: number): readonly Line[] {
  const { statement, errors, plan } = query;
  return [
    ...where(query, width),
    ...(errors === 0 ? [] : [[INDENT, span(`${counted(errors, 'call')} failed`, 'error')]]),
    ...statementLines(statement, width - 4).map((line) => [INDENT, ...line]),
    ...(plan === undefined ? [] : planLines(plan, width - 4).map((line) => [INDENT, ...line])),
    ...notes(query, width),
  ];
}

/** Advice, or why there is none; what is true of all of them is said once, below. */
function notes({ advice, whyNot = NO_PLAN_YET }: SlowQueryReport, width: number): readonly Line[] {
  return [
    ...advice.flatMap(({ text, code }) => [
      ...fold([INDENT, span(printable(text), 'strong')], width, [INDENT]),
      ...(code === undefined ? [] : codeLines(code, width - 6).map((line) => [INDENT, span('  '), ...line])),
    ]),
    ...(whyNot === NO_PLAN_YET ? [] : fold([INDENT, span(printable(whyNot), 'warning')], width, [INDENT])),
  ];
}

/** What it is and where it comes from: routes and the first call site. */
function where(
  { routes, routeShares = [], callSites }: SlowQueryReport,
  width: number,
  name = '',
): readonly Line[] {
  const more = routes.length - MAX_ROUTES;
  const shown = routes
    .slice(0, MAX_ROUTES)
    .map((route, at) => `${route}${shareText(routeShares[at]?.share)}`);
  const names = `${shown.join(', ')}${more > 0 ? ` and ${countText(more)} more` : ''}`;
  const [site] = callSites;
  const text = [name, names, site === undefined ? '' : describeCallSite(site)]
    .filter((part) => part !== '')
    .join(' · ');
  return fold([INDENT, span(printable(text), 'faint')], width, [INDENT]);
}

/** ` (38 %)` of the route's time in the database. */
function shareText(share = 0): string {
  return share < 0.01 ? '' : ` (${Math.round(share * 100)} %)`;
}
