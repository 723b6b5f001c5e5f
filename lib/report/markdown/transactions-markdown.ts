import { describeCallSite } from '../../record/call-site.js';
import { counted, countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { Report } from '../report.js';
import type { LockConflictReport, TransactionReport } from '../transaction-report.js';
import { inlineCode, markdownTable, plain } from './markdown-text.js';

const MAX_PLACES = 30;
const MAX_CONFLICTS = 20;
const TITLES = ['begun by', 'route', 'count', 'p50', 'p95', 'max', 'statements', 'idle', 'rolled back'];
const FIRST_FIGURE = 2;

/** Who begins transactions, longest together first, with what stood in their longest gap; then who lost a lock. */
export function transactionsMarkdown({ transactions, lockConflicts }: Report): readonly string[] {
  if (transactions.length + lockConflicts.length === 0) return [];
  const count = transactions.reduce((sum, row) => sum + row.count, 0);
  const lost = lockConflicts.reduce((sum, row) => sum + row.count, 0);
  const shown = transactions.slice(0, MAX_PLACES);
  const details = [
    ...shown.flatMap(placeDetails),
    ...lockConflicts.slice(0, MAX_CONFLICTS).map(conflictLine),
  ];
  return [
    `## Transactions: ${countText(count)}${lost === 0 ? '' : `, ${counted(lost, 'lock conflict')}`}`,
    ...(shown.length === 0
      ? []
      : ['', ...markdownTable(TITLES, shown.map(cells), (column) => column >= FIRST_FIGURE)]),
    ...(details.length === 0 ? [] : ['', ...details]),
  ];
}

function cells(row: TransactionReport): readonly string[] {
  const { count, durationMs, statements, idleShare, rolledBack } = row;
  return [
    inlineCode(begunBy(row)),
    inlineCode(row.route),
    countText(count),
    durationText(durationMs.p50),
    durationText(durationMs.p95),
    durationText(durationMs.max),
    countText(statements.p95),
    `${countText(100 * idleShare)} %`,
    countText(rolledBack),
  ];
}

function begunBy({ operation, entity, callSite }: TransactionReport): string {
  return operation === undefined
    ? callSite === undefined
      ? 'a transaction'
      : describeCallSite(callSite)
    : `${entity ?? ''}.${operation}()`;
}

/** Gaps shorter than this are what code between two statements takes. */
const NOTABLE_MS = 100;

function placeDetails(row: TransactionReport): readonly string[] {
  const { causes, abandoned, longestGap } = row;
  const name = inlineCode(begunBy(row));
  const why = causes.map(({ code, count }) => `${plain(code)} x${countText(count)}`).join(', ');
  return [
    ...(why === '' ? [] : [`- ${name} rolled back: ${why}`]),
    ...(abandoned === 0
      ? []
      : [
          `- ${name}: ${counted(abandoned, 'connection')} given back without COMMIT or ROLLBACK: the next user of that connection is in the middle of it`,
        ]),
    ...(longestGap === undefined || longestGap.durationMs < NOTABLE_MS
      ? []
      : [
          `- ${name}: nothing ran for ${durationText(longestGap.durationMs)} between ${inlineCode(longestGap.before ?? 'BEGIN')} and ${inlineCode(longestGap.after ?? 'its end')}`,
        ]),
  ];
}

function conflictLine({
  conflict,
  code,
  count,
  lostMs,
  statement,
  routes,
  callSites,
}: LockConflictReport): string {
  const where = [...routes.slice(0, 3), ...callSites.slice(0, 1).map(describeCallSite)].map(inlineCode);
  return `- ${conflict} ${plain(code)} x${countText(count)}, ${durationText(lostMs)} lost: ${inlineCode(statement)}${where.length === 0 ? '' : ` in ${where.join(', ')}`}`;
}
