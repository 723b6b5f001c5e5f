import { expect } from '@jest/globals';
import type { Analysis } from '../../../lib/analysis/analyse.js';
import { detectors } from '../../../lib/analysis/detectors.js';
import type { Thresholds } from '../../../lib/analysis/thresholds.js';

/** The analysis asks only the detectors that may find something: all of them together must find the same. */
export function expectFoundByEvery({ analysed, findings }: Analysis, thresholds: Thresholds): void {
  const isMixed = analysed.unit.kind === 'bootstrap' || analysed.unit.kind === 'background';
  const found = Object.values(detectors).flatMap((detect) => detect(analysed, thresholds));
  const wanted = isMixed
    ? found.filter(({ kind }) => kind === 'failing-query' || kind === 'cache-failure')
    : found;
  expect(findings).toEqual(wanted);
}
