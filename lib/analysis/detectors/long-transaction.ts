import { transactionsOf, type AnalysedTransaction } from '../analysed-transaction.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { Thresholds } from '../thresholds.js';
import { groupBy } from '../totals.js';
import { isIdle, placeOf } from './idle-in-transaction.js';

/**
 * A transaction that was open for long. Where that is because it did nothing, `idle-in-transaction` says so instead, unless
 * what it did took long too. Rulings: RULINGS.md, "pools, transactions, replicas".
 */
export const detectLongTransaction: Detector = (unit, thresholds) => {
  const long = transactionsOf(unit).filter((transaction) => isLong(transaction, thresholds));
  const groups = groupBy(long, placeOf);
  return [...groups.values()].map((group) => finding(group, unit));
};

function isLong(transaction: AnalysedTransaction, thresholds: Thresholds): boolean {
  const { durationMs, idleMs } = transaction.record;
  const told = isIdle(transaction, thresholds) ? idleMs : 0;
  return durationMs - told >= thresholds.longTransactionMs;
}

function finding(group: readonly AnalysedTransaction[], unit: AnalysedUnit): Finding {
  const worst = group.reduce((most, other) =>
    other.record.durationMs > most.record.durationMs ? other : most,
  );
  const { record, queries, callSite } = worst;
  const slowest = slowestOf(queries);
  const busyMs = record.durationMs - record.idleMs;
  return {
    ...makeFinding(unit, {
      kind: 'long-transaction',
      severity: 'warning',
      title: `A transaction was open for ${seconds(record.durationMs)}`,
      queries,
      ...(callSite === undefined ? {} : { callSites: [callSite] }),
      evidence: {
        text:
          (group.length === 1 ? '' : `${group.length} transactions of this place; the longest: `) +
          `${record.statements === 1 ? 'One statement' : `${record.statements} statements`} in ${seconds(busyMs)}, ${seconds(record.idleMs)} without one.` +
          (slowest === undefined
            ? ''
            : ` The slowest: ${nameOf(slowest)}, ${Math.round(slowest.record.executeMs)} ms.`),
        facts: {
          transactions: group.length,
          statements: record.statements,
          durationMs: Math.round(record.durationMs),
          idleMs: Math.round(record.idleMs),
          slowestMs: Math.round(slowest?.record.executeMs ?? 0),
        },
      },
      advice: { text: adviceFor(worst, slowest) },
    }),
    dataSource: record.dataSource,
  };
}

function adviceFor({ record, queries }: AnalysedTransaction, slowest: AnalysedQuery | undefined): string {
  const held = 'Every row it has changed stays locked, and its connection taken, until it ends.';
  if (slowest !== undefined && slowest.record.executeMs >= record.durationMs / 2)
    return `${held} Most of that is one statement: make it faster, or run it outside where it need not be undone with the rest.`;
  if (queries.length >= 10)
    return `${held} Write many rows with one statement, or commit in batches of some hundred rows.`;
  return `${held} Read before it begins what needs no lock, and leave in it only what must be undone together.`;
}

function slowestOf(queries: readonly AnalysedQuery[]): AnalysedQuery | undefined {
  const [first, ...rest] = queries;
  return (
    first &&
    rest.reduce((most, other) => (other.record.executeMs > most.record.executeMs ? other : most), first)
  );
}

function nameOf({ statement }: AnalysedQuery): string {
  return statement.summary === '' ? statement.operation : statement.summary;
}

function seconds(value: number): string {
  return value < 1_000 ? `${Math.round(value)} ms` : `${Math.round(value / 100) / 10} s`;
}
