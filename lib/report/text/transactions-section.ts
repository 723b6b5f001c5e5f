import { describeCallSite } from '../../record/call-site.js';
import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { statementName } from '../../statistics/statement-name.js';
import { printable } from '../printable.js';
import type { Report } from '../report.js';
import type { LockConflictReport, TransactionReport } from '../transaction-report.js';
import { fold } from './fold.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';
import { type Column, table } from './table.js';

/** More would not be read; the JSON report has them all. */
const MAX_PLACES = 10;
const MAX_CONFLICTS = 10;
const INDENT = span('    ');
/** So many transactions of one place in one request are a storm of BEGIN and COMMIT. */
const STORM = 5;
/** What a place has to show before it is worth a line: most transactions are short and fine. */
const NOTABLE_MS = 100;

const CONFLICT_TEXT = {
  deadlock: 'deadlock',
  'serialization-failure': 'serialization failure',
  'lock-timeout': 'lock not free in time',
} as const;

const right = { align: 'right' } as const;

const COLUMNS: readonly Column<TransactionReport>[] = [
  { title: 'begun by', cell: (row) => printable(begunBy(row)), priority: 0 },
  { title: 'count', cell: ({ count }) => countText(count), priority: 1, ...right },
  { title: 'p50', cell: ({ durationMs }) => durationText(durationMs.p50), priority: 4, ...right },
  { title: 'p95', cell: ({ durationMs }) => durationText(durationMs.p95), priority: 2, ...right },
  { title: 'max', cell: ({ durationMs }) => durationText(durationMs.max), priority: 3, ...right },
  { title: 'stmts', cell: ({ statements }) => countText(statements.p95), priority: 5, ...right },
  { title: 'idle', cell: ({ idleShare }) => `${countText(idleShare * 100)} %`, priority: 2, ...right },
  { title: 'rolled back', cell: ({ rolledBack }) => countText(rolledBack), priority: 3, ...right },
];

/** Who holds transactions open, for how long, and what for; and who lost a lock. Nothing where all is well. */
export function transactionsSection(report: Report, columns: number, width: number): readonly Line[] {
  const { transactions, lockConflicts } = report;
  const notable = transactions.filter(isNotable);
  if (notable.length + lockConflicts.length === 0) return allWell(transactions, columns, width);
  const shown = notable.slice(0, MAX_PLACES);
  const drawn = table(COLUMNS, shown, columns);
  return [
    sectionTitle('Transactions', countsText(transactions, lockConflicts), columns),
    [],
    ...(shown.length === 0 ? [] : [drawn.head]),
    ...shown.flatMap((row) => [drawn.line(row), ...details(row, width)]),
    ...(notable.length > shown.length
      ? [[span(`… and ${countText(notable.length - shown.length)} more, in the JSON report`, 'faint')]]
      : []),
    ...(lockConflicts.length === 0 || shown.length === 0 ? [] : [[]]),
    ...lockConflicts.slice(0, MAX_CONFLICTS).flatMap((conflict) => conflictLines(conflict, width)),
  ];
}

function allWell(rows: readonly TransactionReport[], columns: number, width: number): readonly Line[] {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  if (count === 0) return [];
  const longest = Math.max(...rows.map(({ durationMs }) => durationMs.max));
  return [
    sectionTitle('Transactions', 'all fine', columns, 'good'),
    [],
    ...fold(
      [span(`${counted(count, 'transaction')}, none rolled back, the longest ${durationText(longest)}.`)],
      width,
    ),
  ];
}

function isNotable({ durationMs, rolledBack, abandoned, maxPerUnit }: TransactionReport): boolean {
  return durationMs.max >= NOTABLE_MS || rolledBack > 0 || abandoned > 0 || maxPerUnit >= STORM;
}

function countsText(rows: readonly TransactionReport[], conflicts: readonly LockConflictReport[]): string {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const lost = conflicts.reduce((sum, conflict) => sum + conflict.count, 0);
  return `${countText(count)}${lost === 0 ? '' : ` · ${counted(lost, 'lock conflict')}`}`;
}

/** `Order.save() POST /orders`, `OrdersService.place POST /orders` */
function begunBy({ operation, entity, callSite, route }: TransactionReport): string {
  const what =
    operation === undefined ? (callSite?.function ?? 'place not known') : `${entity}.${operation}()`;
  return `${what} ${route}`;
}

function details(row: TransactionReport, width: number): readonly Line[] {
  const { callSite, causes, abandoned, maxPerUnit, boundaryMs, longestGap } = row;
  const reasons = causes.map(({ code, count }) => `${code} x${countText(count)}`).join(', ');
  const lines = [
    callSite === undefined ? '' : describeCallSite(callSite),
    reasons === '' ? '' : `rolled back: ${reasons}`,
    abandoned === 0
      ? ''
      : `${counted(abandoned, 'connection')} given back without COMMIT or ROLLBACK: the next user of that connection is in the middle of it`,
    maxPerUnit < STORM
      ? ''
      : `up to ${countText(maxPerUnit)} in one request: BEGIN and COMMIT alone took ${durationText(boundaryMs)}`,
    longestGap === undefined || longestGap.durationMs < NOTABLE_MS ? '' : gapText(longestGap),
  ];
  return lines
    .filter((text) => text !== '')
    .flatMap((text) => fold([INDENT, span(printable(text), 'faint')], width, [INDENT]));
}

function gapText({
  durationMs,
  before,
  after,
  callSite,
}: NonNullable<TransactionReport['longestGap']>): string {
  const place = callSite === undefined ? '' : ` (${describeCallSite(callSite)})`;
  return `nothing ran for ${durationText(durationMs)} between ${before ?? 'BEGIN'} and ${after ?? 'its end'}${place}`;
}

function conflictLines(row: LockConflictReport, width: number): readonly Line[] {
  const { conflict, code, count, lostMs, statement, routes, callSites } = row;
  const [site] = callSites;
  const where = [routes.slice(0, 3).join(', '), site === undefined ? '' : describeCallSite(site)]
    .filter((part) => part !== '')
    .join(' · ');
  return [
    ...fold(
      [
        span(`${CONFLICT_TEXT[conflict]} `, 'warning'),
        span(
          printable(`${statementName(statement)} ${code} x${countText(count)}, ${durationText(lostMs)} lost`),
        ),
      ],
      width,
      [INDENT],
    ),
    ...fold([INDENT, span(printable(where), 'faint')], width, [INDENT]),
  ];
}
