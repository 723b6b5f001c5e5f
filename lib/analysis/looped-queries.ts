import type { AnalysedUnit } from './detector.js';
import { isRepeated } from './is-repeated.js';
import type { AnalysedQuery } from './relation-load.js';
import type { Thresholds } from './thresholds.js';

/** Statements that are part of a loop or a double load: told there, and not again by other detectors. */
export function loopedQueries(unit: AnalysedUnit, thresholds: Thresholds): ReadonlySet<AnalysedQuery> {
  const loops = unit.repeatedLoads.filter((repeated) => isRepeated(repeated, thresholds));
  const doubles = unit.doubleLoads.flatMap(({ again }) => again);
  return new Set([...loops.flatMap(({ queries }) => queries), ...doubles.flatMap(({ queries }) => queries)]);
}
