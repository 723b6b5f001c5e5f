import { rounded } from '../record/rounded.js';
import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { countText, counted } from './count-text.js';
import { durationText } from './duration-text.js';
import { findingId } from './finding-place.js';
import type { FindingStatistics } from './finding-statistics.js';
import { isSlow } from './is-slow.js';
import { statementName } from './statement-name.js';
import type { StatementStatistics } from './statement-statistics.js';
import type { Statistics } from './statistics.js';

/** A finding with what is known of its occurrences. Times in milliseconds since the epoch. */
export type SeenFinding = Pick<
  FindingStatistics,
  'id' | 'finding' | 'firstSeen' | 'lastSeen' | 'occurrences' | 'traceIds'
>;

/** While the plan of a statement has not been read, nothing is known about indexes, and the report says so. */
export const NO_PLAN_YET = 'No plan has been read yet, so there is no index advice.';

const MANY_ROWS = 1_000;

/** Slow statements, by total time, greatest first. They are judged over all calls, so no single unit can tell. */
export function slowQueryFindings(statistics: Statistics, thresholds: Thresholds): readonly SeenFinding[] {
  return [...statistics.statements.values()]
    .filter((entry) => isSlow(entry, thresholds))
    .sort((a, b) => b.totalMs - a.totalMs)
    .map(slowQueryFinding);
}

/** Whether calls of a statement spent more time on waiting for a connection than on running. */
export function isMostlyWaiting({ times }: StatementStatistics): boolean {
  return times.wait.sum > times.execute.sum;
}

/** What is said of one statement, slow or not. */
export function slowQueryFinding(entry: StatementStatistics): SeenFinding {
  const finding = slowQuery(entry);
  const traceIds = entry.examples.flatMap(({ traceId }) => traceId ?? []);
  const { count: occurrences, firstSeen, lastSeen } = entry;
  return { id: findingId(finding), finding, firstSeen, lastSeen, occurrences, traceIds };
}

function slowQuery(entry: StatementStatistics): Finding {
  const { count, rows, times, dataSource, fingerprint, text, callSites } = entry;
  const { p50, p95, max } = times.execute.percentiles();
  return {
    kind: 'slow-query',
    severity: 'warning',
    title: `${statementName(text)} takes ${durationText(p95)} at the 95th percentile, ${durationText(max)} at worst`,
    route: entry.routesByTime()[0]?.route ?? '',
    dataSource,
    statement: { fingerprint, text },
    callSites: [...callSites],
    evidence: {
      text: evidenceText(entry),
      facts: {
        calls: count,
        p50Ms: rounded(p50),
        p95Ms: rounded(p95),
        maxMs: rounded(max),
        waitMs: rounded(times.wait.sum),
      },
    },
    cost: { statements: 1, rows: Math.round(rows / count), timeMs: rounded(entry.totalMs / count) },
    advice: { text: adviceText(entry) },
    whyNot: NO_PLAN_YET,
  };
}

function evidenceText(entry: StatementStatistics): string {
  const routes = entry.routesByTime().length;
  const seen = `${counted(entry.count, 'call')} on ${counted(routes, 'route')}, ${counted(entry.rows / entry.count, 'row')} a call`;
  if (!isMostlyWaiting(entry)) return `${seen}.`;
  const { wait, execute } = entry.times;
  return `${seen}. Most of its time was a wait for a connection: ${durationText(wait.sum)} against ${durationText(execute.sum)} of execution.`;
}

function adviceText(entry: StatementStatistics): string {
  const rows = entry.rows / entry.count;
  const explain = 'Run EXPLAIN (ANALYZE) on it with the values of a slow call to see where the time goes.';
  if (rows < MANY_ROWS) return explain;
  return `It brings ${countText(rows)} rows a call: page them with take, or let the database aggregate. ${explain}`;
}
