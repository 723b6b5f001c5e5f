import type { detectors } from './detectors.js';
import type { Thresholds } from './thresholds.js';
import type { UnitTraits } from './unit-traits.js';

/** Whether a unit of work can hold what a detector looks for. False is certain: the detector would find nothing. */
export type MayFind = (traits: UnitTraits, thresholds: Thresholds) => boolean;

/**
 * What each detector needs at least, so that most units of work, which have nothing to find, are not searched by all of
 * them. Necessary, never sufficient: no finding is lost. Every unit that
 * the tests analyse is held against all detectors.
 */
export const mayFind: Readonly<Record<keyof typeof detectors, MayFind>> = {
  'truncated-relation': ({ joins }) => joins,
  'wrong-relation': ({ relationLoads }) => relationLoads,
  'failing-query': ({ errors }) => errors,
  'n-plus-one': ({ repeatedLoads }) => repeatedLoads,
  'count-per-row': ({ repeatedLoads }) => repeatedLoads,
  'double-load': ({ doubleLoads }) => doubleLoads,
  'duplicate-query': ({ mostOfOneText }, { minDuplicates }) => mostOfOneText >= minDuplicates,
  'save-in-loop': ({ writes }, { minWrites }) => writes >= minWrites,
  'sequential-queries': ({ slow }) => slow >= 2,
  'cartesian-product': ({ joins }) => joins,
  'unbounded-result': ({ mostRows }, { unboundedRows }) => mostRows >= unboundedRows,
  'pool-wait': ({ pools }) => pools,
  'cache-id-collision': ({ caches }) => caches,
  'cache-failure': ({ caches }) => caches,
  'idle-in-transaction': ({ transactions }) => transactions,
  'long-transaction': ({ transactions }) => transactions,
};
