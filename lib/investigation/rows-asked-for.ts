import type { Search } from '../sql/read-search.js';

/** Rows after which a statement has what it wants, by LIMIT and OFFSET in its text; undefined where it wants all. */
export function rowsAskedFor({ limit, offset, isGathering }: Search): number | undefined {
  if (isGathering || limit?.kind !== 'literal') return undefined;
  const skipped = offset?.kind === 'literal' ? Number(offset.value) : 0;
  const rows = Number(limit.value) + skipped;
  return Number.isFinite(rows) && rows > 0 && Number(limit.value) >= 0 ? rows : undefined;
}
