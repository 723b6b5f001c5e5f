import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { findingId } from './finding-place.js';
import type { ReadStatistics } from './read-statistics.js';
import type { SeenFinding } from './slow-query-findings.js';
import type { Statistics } from './statistics.js';
import { unusedColumns } from './unused-columns.js';
import { unusedRelations, type UnusedRelation } from './unused-relations.js';

/** What is loaded and never read. Judged over all watched loads of a call site, so no single unit can tell. */
export function readFindings(statistics: Statistics, thresholds: Thresholds): readonly SeenFinding[] {
  return [...statistics.reads.values()].flatMap((entry) => {
    const relations = unreadRelations(entry, statistics, thresholds).filter(({ isServing }) => !isServing);
    const columns = unusedColumns(entry, thresholds);
    return [
      ...relations.map(({ finding, loads }) => seen(finding, entry, loads)),
      ...(columns === undefined ? [] : [seen(columns, entry, entry.loads)]),
    ];
  });
}

/** Once for each route that goes through the call site, under the id it is reported with; those that serve a condition included: for the verdicts. */
export function unreadOnRoutes(
  statistics: Statistics,
  thresholds: Thresholds,
): readonly Pick<SeenFinding, 'id' | 'finding'>[] {
  return [...statistics.reads.values()].flatMap((entry) =>
    unreadRelations(entry, statistics, thresholds).flatMap(({ finding, isServing }) => {
      const { evidence } = finding;
      const facts = { ...evidence.facts, isServing };
      const id = findingId(finding);
      return entry.routes.map((route) => ({
        id,
        finding: { ...finding, route, evidence: { ...evidence, facts } },
      }));
    }),
  );
}

/** What is loaded a second time is read there: double-load says so, and wins. */
function unreadRelations(
  entry: ReadStatistics,
  { findings }: Statistics,
  thresholds: Thresholds,
): readonly UnusedRelation[] {
  const twice = [...findings.values()].filter(
    ({ finding }) => finding.kind === 'double-load' && entry.routes.includes(finding.route),
  );
  return unusedRelations(entry, thresholds).filter(
    ({ finding: { relation } }) => !twice.some(({ finding }) => finding.relation === relation),
  );
}

function seen(finding: Finding, { firstSeen, lastSeen }: ReadStatistics, occurrences: number): SeenFinding {
  return { id: findingId(finding), finding, firstSeen, lastSeen, occurrences, traceIds: [] };
}
