import type { CallSite } from '../record/call-site.js';
import type { PersistRecord } from '../record/load-record.js';
import type { TransactionGap, TransactionRecord } from '../record/transaction-record.js';
import type { AnalysedUnit } from './detector.js';
import type { AnalysedQuery } from './relation-load.js';

/** Clocks are read before and after what they time: two readings that belong together may differ so much. */
const SAME_MS = 0.5;

/** A transaction with its statements, those that begin and end it left out. */
export interface AnalysedTransaction {
  readonly record: TransactionRecord;
  /** Those that were kept of it. */
  readonly queries: readonly AnalysedQuery[];
  /** The call of `save()` or its kin that began it; absent when the code did. */
  readonly persist?: PersistRecord;
  /** Where it was begun. */
  readonly callSite?: CallSite;
}

/** A time without a statement in a transaction, and what stood around it. */
export interface AnalysedGap extends TransactionGap {
  /** Absent: BEGIN. */
  readonly before?: AnalysedQuery;
  /** Absent: COMMIT or ROLLBACK. */
  readonly after?: AnalysedQuery;
  /** What the unit asked on other connections meanwhile. */
  readonly meanwhile: readonly AnalysedQuery[];
}

/** The transactions of a unit, in the order in which they began. */
export function transactionsOf(unit: AnalysedUnit): readonly AnalysedTransaction[] {
  const { transactions } = unit.unit;
  if (transactions.length === 0) return [];
  const queries = new Map<number, AnalysedQuery[]>();
  for (const query of unit.queries) {
    const { transaction } = query.record;
    if (transaction === undefined || query.statement.kind === 'transaction') continue;
    const known = queries.get(transaction);
    if (known === undefined) queries.set(transaction, [query]);
    else known.push(query);
  }
  return transactions.map((record) => analysed(record, queries.get(record.id) ?? [], unit));
}

function analysed(
  record: TransactionRecord,
  queries: readonly AnalysedQuery[],
  unit: AnalysedUnit,
): AnalysedTransaction {
  const persist = unit.tree.persistAround(record.load);
  const callSite =
    record.callSite ?? queries.find(({ record: of }) => of.callSite !== undefined)?.record.callSite;
  return {
    record,
    queries,
    ...(persist === undefined ? {} : { persist }),
    ...(callSite === undefined ? {} : { callSite }),
  };
}

/** The longest time without a statement. */
export function longestGap(transaction: AnalysedTransaction, unit: AnalysedUnit): AnalysedGap | undefined {
  const { gaps, id } = transaction.record;
  const [longest] = [...gaps].sort((a, b) => b.durationMs - a.durationMs);
  if (longest === undefined) return undefined;
  const untilMs = longest.startMs + longest.durationMs;
  const before = transaction.queries.findLast((query) => endOf(query) <= longest.startMs + SAME_MS);
  const after = transaction.queries.find(({ record }) => record.startMs >= untilMs - SAME_MS);
  const meanwhile = unit.queries.filter(
    (query) =>
      query.record.transaction !== id && query.record.startMs < untilMs && endOf(query) > longest.startMs,
  );
  return { ...longest, ...(before && { before }), ...(after && { after }), meanwhile };
}

function endOf({ record }: AnalysedQuery): number {
  return record.startMs + record.waitMs + record.executeMs;
}
