import type { Thresholds } from '../analysis/thresholds.js';
import {
  investigationKey,
  type Investigation,
  type KnownInvestigations,
} from '../investigation/investigation.js';
import { durationText } from '../statistics/duration-text.js';
import { isSlow } from '../statistics/is-slow.js';
import { isMostlyWaiting, NO_PLAN_YET } from '../statistics/slow-query-findings.js';
import type { StatementStatistics } from '../statistics/statement-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { SlowQueryReport } from './report.js';
import { rounded } from '../record/rounded.js';
import { roundedPercentiles } from './rounded.js';

/** Statements that the report lists; all of them are counted in its totals. */
const MAX_STATEMENTS = 200;

/** Statements by total time, greatest first; those above the threshold are marked. */
export function slowQueries(
  statistics: Statistics,
  thresholds: Thresholds,
  investigations: KnownInvestigations,
): readonly SlowQueryReport[] {
  const routeTimes = timesOfRoutes(statistics);
  return [...statistics.statements.values()]
    .sort((a, b) => b.totalMs - a.totalMs)
    .slice(0, MAX_STATEMENTS)
    .map((entry) =>
      slowQuery(
        entry,
        isSlow(entry, thresholds),
        routeTimes,
        statistics.recentTimesOf(entry),
        investigations.get(investigationKey(entry.dataSource, entry.fingerprint)),
      ),
    );
}

function slowQuery(
  entry: StatementStatistics,
  slow: boolean,
  routeTimes: ReadonlyMap<string, number>,
  recent: readonly number[],
  investigation: Investigation | undefined,
): SlowQueryReport {
  const { fingerprint, text, summary, dataSource, count, errors, rows, times } = entry;
  const execute = roundedPercentiles(times.execute.percentiles());
  return {
    fingerprint,
    statement: text,
    summary,
    dataSource,
    count,
    errors,
    rows,
    isSlow: slow,
    totalMs: rounded(entry.totalMs),
    waitMs: rounded(times.wait.sum),
    p50Ms: execute.p50,
    p95Ms: execute.p95,
    p99Ms: execute.p99,
    maxMs: execute.max,
    waitPercentilesMs: roundedPercentiles(times.wait.percentiles()),
    hydratePercentilesMs: roundedPercentiles(times.hydrate.percentiles()),
    recentMs: recent.map(rounded),
    routes: entry.routesByTime().map(({ route }) => route),
    routeShares: entry.routesByTime().map(({ route, timeMs }) => ({
      route,
      share: shareOf(timeMs, routeTimes.get(route)),
    })),
    callSites: [...entry.callSites],
    examples: entry.examples.map(({ traceId, unit, durationMs }) => ({
      ...(traceId === undefined ? {} : { traceId }),
      unit,
      durationMs: rounded(durationMs),
    })),
    ...(investigation?.plan === undefined ? {} : { plan: investigation.plan }),
    ...(investigation?.previousPlan === undefined ? {} : { previousPlan: investigation.previousPlan }),
    advice: investigation?.advice ?? [],
    ...whyNot(entry, slow, investigation),
  };
}

/** Wait and execution of all statements of a route, by its name. */
function timesOfRoutes(statistics: Statistics): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const entry of statistics.routes.values()) {
    const { wait, execute } = entry.times.sums();
    times.set(entry.route, (times.get(entry.route) ?? 0) + wait + execute);
  }
  return times;
}

/** Rounded to a thousandth. Of a route that has been dropped meanwhile it is not known: 0. */
function shareOf(timeMs: number, ofMs = 0): number {
  return ofMs <= 0 ? 0 : rounded(Math.min(1, timeMs / ofMs));
}

function whyNot(
  entry: StatementStatistics,
  slow: boolean,
  investigation: Investigation | undefined,
): Pick<SlowQueryReport, 'whyNot'> {
  if (investigation !== undefined && investigation.advice.length > 0) return {};
  const { wait, execute } = entry.times;
  const reasons = [
    investigation?.whyNot ?? '',
    isMostlyWaiting(entry)
      ? `It waited ${durationText(wait.sum)} for a connection and ran ${durationText(execute.sum)}: look at the pool, not at the statement.`
      : '',
  ].filter((reason) => reason !== '');
  if (reasons.length > 0) return { whyNot: reasons.join(' ') };
  return slow && investigation === undefined ? { whyNot: NO_PLAN_YET } : {};
}
