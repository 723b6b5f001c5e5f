import type { ExistingIndex, TableFacts } from './table-facts.js';

/** An index, and another that serves all that it serves. */
export interface RedundantIndex {
  readonly index: ExistingIndex;
  readonly coveredBy: ExistingIndex;
}

/**
 * Indexes whose keys another one of the same method and condition begins with. Never one that is unique or that a
 * constraint rests on. Of two that are alike the one that was scanned less goes.
 */
export function redundantIndexes({ indexes }: TableFacts): readonly RedundantIndex[] {
  const gone = new Set<ExistingIndex>();
  const found: RedundantIndex[] = [];
  for (const index of [...indexes].sort(leastUsedFirst)) {
    const coveredBy = canGo(index)
      ? indexes.find((other) => other !== index && !gone.has(other) && covers(other, index))
      : undefined;
    if (coveredBy === undefined) continue;
    gone.add(index);
    found.push({ index, coveredBy });
  }
  return found;
}

function leastUsedFirst(a: ExistingIndex, b: ExistingIndex): number {
  return a.keys.length - b.keys.length || (a.scans ?? 0) - (b.scans ?? 0) || (a.name < b.name ? -1 : 1);
}

/** Whether nothing but the speed of statements depends on it. */
export function canGo({ isUnique, isPrimary, isConstraint, isValid }: ExistingIndex): boolean {
  return isValid && !isUnique && !isPrimary && !isConstraint;
}

function covers(other: ExistingIndex, index: ExistingIndex): boolean {
  if (!other.isValid || other.method !== index.method || other.predicate !== index.predicate) return false;
  if (other.definition === index.definition) return true;
  // Only a b-tree serves the beginning of its keys as one of those alone would.
  return (
    index.method === 'btree' &&
    index.keys.length > 0 &&
    index.keys.every((key, at) => other.keys[at] === key) &&
    index.include.every((column) => other.include.includes(column) || other.columns.includes(column))
  );
}
