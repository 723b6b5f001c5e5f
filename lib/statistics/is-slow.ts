import type { Thresholds } from '../analysis/thresholds.js';
import type { StatementKind } from '../sql/statement.js';
import type { StatementStatistics } from './statement-statistics.js';

/**
 * RULINGS, slow-query: execution counts, not the wait for a connection. Either the 95th percentile of enough calls is
 * high, or one call is far above it. Transaction statements, schema work, and what runs only while the
 * application starts (seeds, migrations) are never slow queries.
 */
export function isSlow(entry: StatementStatistics, thresholds: Thresholds): boolean {
  const { kind, count, startupCalls, times } = entry;
  if (kind === 'transaction' || kind === 'schema' || startupCalls === count) return false;
  const { slowQueryMs, slowQueryCalls, slowQueryFactor } = thresholds;
  const isHabit = count >= slowQueryCalls && times.execute.quantile(0.95) >= slowQueryMs;
  return isHabit || times.execute.max >= slowQueryFactor * slowQueryMs;
}

/** One call that took as long as that; statements that begin and end transactions, and schema work, never count. */
export function isSlowCall(kind: StatementKind, executeMs: number, slowQueryMs: number): boolean {
  return kind !== 'transaction' && kind !== 'schema' && executeMs >= slowQueryMs;
}
