import type { Severity } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { cacheFindings } from '../statistics/cache-findings.js';
import { cacheableQueryFindings } from '../statistics/cacheable-query-findings.js';
import type { KnownInvestigations } from '../investigation/investigation.js';
import { readFindings } from '../statistics/read-findings.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';
import type { Statistics } from '../statistics/statistics.js';
import { investigatedFindings } from './investigated-findings.js';
import type { ReportedFinding } from './report.js';
import { rounded } from '../record/rounded.js';
import { verifiedFinding, type Verifications } from './verified-finding.js';

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** What was found in units of work and in the totals, worst first: by severity, then by all the time it took. */
export function reportedFindings(
  statistics: Statistics,
  thresholds: Thresholds,
  isShown: (finding: SeenFinding['finding']) => boolean,
  investigations: KnownInvestigations = new Map(),
  indexFindings: readonly SeenFinding[] = [],
  verifications: Verifications = new Map(),
): readonly ReportedFinding[] {
  const seen = [
    ...statistics.findings.values(),
    ...[...ofTotals(statistics, thresholds, investigations), ...indexFindings].filter(({ finding }) =>
      isShown(finding),
    ),
  ];
  return seen.map((each) => reportedFinding(verifiedFinding(each, verifications))).sort(worstFirst);
}

/** What no single unit of work can tell. */
function ofTotals(
  statistics: Statistics,
  thresholds: Thresholds,
  investigations: KnownInvestigations,
): readonly SeenFinding[] {
  return [
    ...investigatedFindings(statistics, thresholds, investigations),
    ...[readFindings, cacheFindings, cacheableQueryFindings].flatMap((find) => find(statistics, thresholds)),
  ];
}

/** A finding as the report has it. */
export function reportedFinding({
  id,
  finding,
  firstSeen,
  lastSeen,
  occurrences,
  traceIds,
}: SeenFinding): ReportedFinding {
  return {
    ...finding,
    cost: { ...finding.cost, timeMs: rounded(finding.cost.timeMs) },
    id,
    firstSeen: new Date(firstSeen).toISOString(),
    lastSeen: new Date(lastSeen).toISOString(),
    occurrences,
    traceIds: [...traceIds],
  };
}

/** By severity, then by all the time it took. */
export function worstFirst(a: ReportedFinding, b: ReportedFinding): number {
  return RANK[a.severity] - RANK[b.severity] || weight(b) - weight(a) || (a.id < b.id ? -1 : 1);
}

/** The costliest occurrence stands for all of them. */
function weight({ cost, occurrences }: ReportedFinding): number {
  return cost.timeMs * occurrences;
}
