import { transactionsOf, type AnalysedTransaction } from '../analysis/analysed-transaction.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import { callSiteKey } from '../record/call-site.js';
import type { BoundedMap } from './bounded-map.js';
import { lockConflict, LockConflictStatistics } from './lock-conflict-statistics.js';
import { TransactionStatistics } from './transaction-statistics.js';

/** Counts the transactions of a unit, by route and by the place that begins them. */
export function addTransactions(unit: AnalysedUnit, into: BoundedMap<TransactionStatistics>): void {
  const perUnit = new Map<TransactionStatistics, number>();
  for (const transaction of transactionsOf(unit)) {
    const entry = into.touch(keyOf(transaction, unit), () => {
      const { record, persist } = transaction;
      const { operation, entity } = persist ?? {};
      return new TransactionStatistics({
        route: unit.unit.name,
        dataSource: record.dataSource,
        operation,
        entity,
      });
    });
    entry.add(transaction, unit);
    perUnit.set(entry, (perUnit.get(entry) ?? 0) + 1);
  }
  for (const [entry, count] of perUnit) entry.addUnit(count);
}

/** Counts the statements that lost a deadlock, a serialization conflict or a lock, retried or not. */
export function addLockConflicts(
  { unit, queries }: AnalysedUnit,
  into: BoundedMap<LockConflictStatistics>,
): void {
  for (const query of queries) {
    const code = query.record.error?.code;
    const conflict = lockConflict(code);
    if (code === undefined || conflict === undefined) continue;
    const { fingerprint, text, tables } = query.statement;
    const { dataSource } = query.record;
    const names = [...new Set(tables.map(({ name }) => name))];
    into
      .touch(
        [dataSource, code, fingerprint].join('\n'),
        () => new LockConflictStatistics({ conflict, code, dataSource, fingerprint, text, tables: names }),
      )
      .add(query, unit);
  }
}

/** A `save()` without a captured place is told by its entity; call sites of statements are sampled, those of transactions are not. */
function keyOf({ record, persist, callSite }: AnalysedTransaction, { unit }: AnalysedUnit): string {
  const place =
    persist !== undefined
      ? `${persist.operation} ${persist.entity}`
      : callSite === undefined
        ? ''
        : callSiteKey(callSite);
  return [unit.name, record.dataSource, place].join('\n');
}
