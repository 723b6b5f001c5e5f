import type { Finding, Severity } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import type { KnownInvestigations } from '../investigation/investigation.js';
import type { Verification } from '../investigation/loading/verification.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';
import type { Statistics } from '../statistics/statistics.js';
import { cacheReports } from './caches.js';
import { loadingStrategySteps } from './loading-strategies.js';
import { poolReports, type PoolSnapshots } from './pools.js';
import type { Report, ReportedFinding, SelfReport } from './report.js';
import { replicationReports } from './replication.js';
import { reportedFindings } from './reported-findings.js';
import { roundedPercentiles, roundedTime } from './rounded.js';
import { routeReports } from './route-reports.js';
import { slowQueries } from './slow-queries.js';
import { finished, type Steps } from './steps.js';
import { lockConflictReports, transactionReports } from './transactions.js';

/** What the report says besides the statistics. */
export interface ReportFacts {
  readonly self: Omit<SelfReport, 'evicted'>;
  readonly instance: Report['instance'];
  readonly thresholds: Thresholds;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** By data source name: what their pools look like now. @defaultValue nothing is known */
  readonly pools?: PoolSnapshots;
  /** When counting began, in milliseconds since the epoch. @defaultValue the first unit of work */
  readonly since?: number;
  /**
   * Whether a finding that was made from the totals (slow-query) is shown; those of units were filtered before they were
   * counted. @defaultValue all are
   */
  readonly isShown?: (finding: Finding) => boolean;
  /** What is known of plans and indexes so far. @defaultValue nothing */
  readonly investigations?: KnownInvestigations;
  /** Indexes that are missing, for the whole workload. @defaultValue none */
  readonly indexFindings?: readonly SeenFinding[];
  /** What came of trying advice, by the id of the finding. @defaultValue nothing was tried */
  readonly verifications?: ReadonlyMap<string, Verification>;
}

/** The view model that JSON, text and pages are made of. */
export function buildReport(statistics: Statistics, facts: ReportFacts): Report {
  return finished(reportSteps(statistics, facts));
}

/** The same in steps. What is counted between two of them is in the sections that come after. */
export function* reportSteps(statistics: Statistics, facts: ReportFacts): Steps<Report> {
  const { self, instance, thresholds, now, since = statistics.from ?? now, isShown = () => true } = facts;
  const { verifications = new Map<string, Verification>(), investigations, indexFindings } = facts;
  const findings = reportedFindings(
    statistics,
    thresholds,
    isShown,
    investigations,
    indexFindings,
    verifications,
  );
  yield;
  const routes = routeReports(statistics, findings);
  yield;
  const strategies = yield* loadingStrategySteps(statistics, thresholds, isShown, verifications);
  const queries = slowQueries(statistics, thresholds, investigations ?? new Map());
  yield;
  return {
    schema: 'query-lens/report@1',
    generatedAt: iso(now),
    instance,
    window: { from: iso(since), to: iso(now) },
    totals: totals(statistics, findings),
    dataSources: dataSources(statistics),
    routes,
    loadingStrategies: strategies,
    slowQueries: queries,
    caches: cacheReports(statistics),
    pools: poolReports(statistics, facts.pools ?? new Map()),
    replication: replicationReports(statistics),
    transactions: transactionReports(statistics),
    lockConflicts: lockConflictReports(statistics),
    findings,
    self: {
      ...self,
      analysisMicroseconds: Math.round(self.analysisMicroseconds),
      evicted: statistics.evicted(),
    },
  };
}

function totals({ totals }: Statistics, findings: readonly ReportedFinding[]): Report['totals'] {
  const { units, queries, errors, rows, batchedLoads, statementsSaved } = totals;
  const of = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    units,
    queries,
    errors,
    rows,
    timeMs: roundedTime(totals),
    findings: { error: of('error'), warning: of('warning'), info: of('info') },
    ...(batchedLoads === 0 ? {} : { batching: { loads: batchedLoads, statementsSaved } }),
  };
}

function dataSources(statistics: Statistics): Report['dataSources'] {
  return [...statistics.dataSources.values()].map(({ name, driver, queries, errors, rows, times }) => ({
    name,
    driver,
    queries,
    errors,
    rows,
    waitMs: roundedPercentiles(times.wait.percentiles()),
    executeMs: roundedPercentiles(times.execute.percentiles()),
    hydrateMs: roundedPercentiles(times.hydrate.percentiles()),
  }));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
