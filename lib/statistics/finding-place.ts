import { createHash } from 'node:crypto';
import type { Finding } from '../analysis/finding.js';

/** What a finding is about: the same in every unit of work that shows it. */
export function findingSubject(finding: Finding): string {
  const what = finding.server ?? finding.relation ?? finding.cacheKey ?? finding.statement?.fingerprint ?? '';
  return JSON.stringify([finding.kind, finding.route, finding.dataSource, what]);
}

/** File and function of the first call site; not the line, so that it survives an edit above. Empty when it was not captured, or says nothing. */
export function findingPlace(finding: Finding): string {
  const [site] = finding.callSites;
  if (isOfPool(finding)) return '';
  return site === undefined ? '' : JSON.stringify([site.file, site.function]);
}

/** Twelve hexadecimal digits that stay the same over restarts and edits. */
export function findingId(finding: Finding): string {
  return createHash('sha256')
    .update(findingSubject(finding))
    .update(findingPlace(finding))
    .digest('hex')
    .slice(0, 12);
}

/** Which statement of a route found the pool full is chance: all of them wait for one reason. */
function isOfPool({ server }: Finding): boolean {
  return server !== undefined;
}
