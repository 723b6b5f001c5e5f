import type { TableUse } from './statement-needs.js';

/** Distinct values of a column, as statistics or a sample of rows tell; undefined where nobody knows. */
export type DistinctValues = (table: string, column: string) => number | undefined;

/**
 * Share of a table's rows that its conditions by `=` and IN keep, as far as it is known how many values there are: 1 where
 * nothing is. `found` are columns that an index was asked for already.
 */
export function keptShare(
  { need, valueCounts, facts }: TableUse,
  distinct: DistinctValues,
  found: readonly string[] = [],
): number {
  const open = need.equal.filter((column) => !found.includes(column) && valueCounts.has(column));
  return open.reduce((share, column) => {
    const values = distinct(facts.table.name, column);
    if (values === undefined || values <= 0) return share;
    return share * Math.min(1, (valueCounts.get(column) ?? 1) / values);
  }, 1);
}
