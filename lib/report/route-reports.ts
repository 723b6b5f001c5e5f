import type { RouteStatistics } from '../statistics/route-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { ReportedFinding, RouteReport } from './report.js';
import { roundedPercentiles, roundedTime } from './rounded.js';

/** Every kind of unit of work, the greatest database time first. */
export function routeReports(
  statistics: Statistics,
  findings: readonly ReportedFinding[],
): readonly RouteReport[] {
  const timeOf = ({ times }: RouteStatistics): number => times.wait.sum + times.execute.sum;
  const found = new Map<string, number>();
  for (const { route } of findings) found.set(route, (found.get(route) ?? 0) + 1);
  return [...statistics.routes.values()]
    .sort((a, b) => timeOf(b) - timeOf(a))
    .map((entry) => routeReport(entry, found.get(entry.route) ?? 0));
}

function routeReport(entry: RouteStatistics, findings: number): RouteReport {
  const { route, kind, units, failures, errors, rows, durationMs, queries, times } = entry;
  return {
    route,
    kind,
    units,
    failures,
    durationMs: roundedPercentiles(durationMs.percentiles()),
    queries: roundedPercentiles(queries.percentiles()),
    rows,
    dataSources: [...entry.dataSources].map(([name, counts]) => ({ name, ...counts })),
    timeMs: roundedTime(times.sums()),
    unitTimeMs: {
      wait: roundedPercentiles(times.wait.percentiles()),
      execute: roundedPercentiles(times.execute.percentiles()),
      hydrate: roundedPercentiles(times.hydrate.percentiles()),
    },
    errors,
    findings,
  };
}
