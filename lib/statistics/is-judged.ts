import type { Thresholds } from '../analysis/thresholds.js';
import type { ReadStatistics } from './read-statistics.js';

/** A loop within one unit of work says nothing about others. */
const MIN_UNITS = 2;

/** Whether enough was seen of a call site to say what it loads for nothing; what is saved needs what was loaded. */
export function isJudged({ loads, units, saved }: ReadStatistics, { minSampledLoads }: Thresholds): boolean {
  return saved === 0 && units >= MIN_UNITS && loads >= minSampledLoads;
}
