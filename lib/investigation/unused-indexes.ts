import type { Thresholds } from '../analysis/thresholds.js';
import { canGo } from './redundant-indexes.js';
import type { ExistingIndex, TableFacts } from './table-facts.js';

const DAY_MS = 86_400_000;

/**
 * Indexes of some size that were never scanned while the database counted for long enough. Never one that is unique or that
 * a constraint rests on, nor one that a foreign key needs when a parent is deleted. `at`: milliseconds since the epoch.
 */
export function unusedIndexes(
  { indexes, foreignKeys, scansSince }: TableFacts,
  { unusedIndexBytes, unusedIndexDays }: Pick<Thresholds, 'unusedIndexBytes' | 'unusedIndexDays'>,
  at: number,
): readonly ExistingIndex[] {
  if (scansSince === undefined || at - scansSince < unusedIndexDays * DAY_MS) return [];
  return indexes.filter(
    (index) =>
      canGo(index) &&
      index.scans === 0 &&
      index.bytes >= unusedIndexBytes &&
      !foreignKeys.some(({ columns }) => beginsWith(index, columns)),
  );
}

/** In any order: all of them are compared with a value. */
export function beginsWith({ columns }: ExistingIndex, wanted: readonly string[]): boolean {
  const first = columns.slice(0, wanted.length);
  return wanted.every((column) => first.includes(column));
}
