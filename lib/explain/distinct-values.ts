/**
 * How many different values a table of `rows` rows has, by those of a sample: the estimator of Haas and Stokes that PostgreSQL's
 * ANALYZE uses. NULL counts as a value.
 */
export function distinctValues(sample: readonly string[], rows: number): number | undefined {
  if (sample.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const value of sample) counts.set(value, (counts.get(value) ?? 0) + 1);
  const once = [...counts.values()].filter((count) => count === 1).length;
  const seen = sample.length;
  if (once === seen) return rows;
  const all = Math.max(rows, seen);
  const estimate = (seen * counts.size) / (seen - once + (once * seen) / all);
  return Math.min(all, Math.max(counts.size, Math.round(estimate)));
}
