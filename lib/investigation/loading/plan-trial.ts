import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import type { Thresholds } from '../../analysis/thresholds.js';
import type { LoadingTrial, NoTrial } from './loading-trial.js';
import { planAgain } from './plan-again.js';
import { planCounts } from './plan-counts.js';
import { planLoop } from './plan-loop.js';
import { planSeparate } from './plan-separate.js';

/** How to try the advice of a finding of one unit of work, or why that cannot be; undefined where no loading is advised. */
export function planTrial(
  finding: Finding,
  unit: AnalysedUnit,
  thresholds: Pick<Thresholds, 'unboundedRows'>,
): LoadingTrial | NoTrial | undefined {
  switch (finding.kind) {
    case 'n-plus-one':
      return planLoop(finding, unit, thresholds);
    case 'double-load':
      return planAgain(finding, unit);
    case 'cartesian-product':
      return planSeparate(finding, unit);
    case 'count-per-row':
      return planCounts(finding, unit);
    default:
      return undefined;
  }
}
