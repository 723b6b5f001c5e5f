import { areas, type Area } from './areas.js';
import type { Report, ReportedFinding } from './report.js';

/** What an overview shows: small, however long the lists of the report are. */
export interface Summary {
  readonly generatedAt: string;
  readonly instance: Report['instance'];
  readonly window: Report['window'];
  readonly totals: Report['totals'];
  readonly dataSources: Report['dataSources'];
  /** Worst first. */
  readonly worst: readonly ReportedFinding[];
  /** The whole data layer, subject by subject; what is bad first. */
  readonly areas: readonly Area[];
  /** Lengths of the report's lists, and how much of them should change. */
  readonly counts: {
    readonly routes: number;
    readonly loadingStrategies: number;
    readonly loadingStrategiesToChange: number;
    readonly slowQueries: number;
    readonly statements: number;
    readonly caches: number;
    readonly pools: number;
    readonly transactions: number;
    readonly lockConflicts: number;
    readonly findings: number;
  };
}

const MAX_WORST = 5;

/** The report in a few kilobytes. */
export function summarise(report: Report): Summary {
  const { generatedAt, instance, window, totals, dataSources, loadingStrategies, slowQueries } = report;
  return {
    generatedAt,
    instance,
    window,
    totals,
    dataSources,
    worst: report.findings.slice(0, MAX_WORST),
    areas: areas(report),
    counts: {
      routes: report.routes.length,
      loadingStrategies: loadingStrategies.length,
      loadingStrategiesToChange: loadingStrategies.filter(({ verdict }) => isChange(verdict.choice)).length,
      slowQueries: slowQueries.filter(({ isSlow }) => isSlow).length,
      statements: slowQueries.length,
      caches: report.caches.length,
      pools: report.pools.length,
      transactions: report.transactions.length,
      lockConflicts: report.lockConflicts.length,
      findings: report.findings.length,
    },
  };
}

function isChange(choice: string): boolean {
  return choice !== 'keep' && choice !== 'cannot-judge';
}
