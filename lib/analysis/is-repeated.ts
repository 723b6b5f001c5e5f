import type { RepeatedLoad } from './repeated-load.js';
import type { Thresholds } from './thresholds.js';

/** At least `minRepeats` loads, and not all of one and the same parent. */
export function isRepeated(repeated: RepeatedLoad, thresholds: Thresholds): boolean {
  return repeated.loads.length >= thresholds.minRepeats && repeated.distinct >= 2;
}
