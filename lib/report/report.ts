import type { Advice, Finding, Severity } from '../analysis/finding.js';
import type { LoadingStrategy } from '../analysis/relation-load.js';
import type { QueryPlan } from '../investigation/query-plan.js';
import type { CallSite } from '../record/call-site.js';
import type { UnitKind } from '../record/unit-of-work.js';
import type { Percentiles } from '../statistics/distribution.js';
import type { CacheReport } from './cache-report.js';
import type { TimeSplit } from '../statistics/time-distributions.js';
import type { PoolReport } from './pool-report.js';
import type { ReplicationReport } from './replication-report.js';
import type { LockConflictReport, TransactionReport } from './transaction-report.js';

export type VerdictChoice =
  'keep' | 'join' | 'query' | 'batch' | 'drop' | 'select-columns' | 'count' | 'paginate' | 'cannot-judge';

/** What to do about one relation on one route. */
export interface Verdict {
  readonly choice: VerdictChoice;
  readonly why: string;
  readonly code?: string;
  /** What the relation's own figures would have been over the same window; a joined relation needs no statement of its own. */
  readonly expected?: { readonly statements: number; readonly rows: number };
  /** Why there are no such figures, where a change is advised. Milliseconds are never foretold: only running it can tell. */
  readonly whyNoFigures?: string;
}

/** How one relation was loaded on one route. Totals over the window. */
export interface LoadingStrategyReport {
  readonly route: string;
  readonly relation: string;
  readonly strategy: LoadingStrategy;
  readonly dataSource: string;
  /** Class that has the relation, its property, and the class it leads to; absent where no relation is known. */
  readonly entity?: string;
  readonly property?: string;
  readonly target?: string;
  readonly isToMany?: true;
  /** Class of the list that was read first, and the relations from there to this one's parents; absent where not seen. */
  readonly loadedFrom?: { readonly entity?: string; readonly path: readonly string[] };
  /** Counted or tested for existence, row by row, instead of read. */
  readonly isCount?: true;
  /** GraphQL: where in the response it was needed. */
  readonly fieldPath?: string;
  /** Units of work in which it was loaded, and how often in the busiest of them. */
  readonly units: number;
  readonly maxLoadsPerUnit: number;
  readonly loads: number;
  /** 0 for a joined relation: it rides on the statement of its parents, and `rows` and `timeMs` are that statement's. */
  readonly statements: number;
  readonly rows: number;
  /** Children that came of it, and parents they were loaded for. */
  readonly entities: number;
  readonly parents: number;
  /**
   * Rows that carried one of the children, for each different child: 1 where each came once, 8 where the joins of other
   * relations, or parents that share it, brought each eight times. Absent where nothing came or it was not counted.
   */
  readonly duplication?: number;
  /**
   * Statements that read ids only: the page's, where `skip` and `take` meet joins (one for all joins of a call, and not in
   * `statements`), or the pairs of ids of the query strategy (in `statements`). Absent where there were none.
   */
  readonly idStatements?: number;
  /** Children for each parent. */
  readonly fanOut: { readonly p50: number; readonly p95: number };
  /** Received for its statements, where the driver says so (pg, mysql2); for a joined relation those of the statement it rides on. */
  readonly bytes?: number;
  readonly timeMs: TimeSplit;
  /**
   * What was read of it: loads that were watched; those in which the handler's code (or a GraphQL field) read it; of the
   * others those in which it was read for the response only, and those in which it was copied with its whole parent.
   */
  readonly read?: {
    readonly loads: number;
    readonly read: number;
    readonly sentToClient: number;
    readonly copied: number;
  };
  readonly callSites: readonly CallSite[];
  readonly verdict: Verdict;
}

/** One statement shape of one data source. */
export interface SlowQueryReport {
  readonly fingerprint: string;
  /** Normalised text: values as `?`. */
  readonly statement: string;
  readonly summary: string;
  readonly dataSource: string;
  readonly count: number;
  readonly errors: number;
  readonly rows: number;
  /** Above the threshold for slow queries; the others are listed for what they cost together. */
  readonly isSlow: boolean;
  /** Wait and execution. */
  readonly totalMs: number;
  readonly waitMs: number;
  /** Percentiles of the execution time. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Execution times of the last calls, oldest first; at most 32. */
  readonly recentMs: readonly number[];
  /** Percentiles of the wait for a connection, and of the time to make entities of the rows, within 5 %. */
  readonly waitPercentilesMs: Percentiles;
  readonly hydratePercentilesMs: Percentiles;
  /** By time, greatest first. */
  readonly routes: readonly string[];
  /** Of the routes' time in the database, wait and execution, the part that this statement takes: 0 to 1; in the order of `routes`. */
  readonly routeShares?: readonly { readonly route: string; readonly share: number }[];
  readonly callSites: readonly CallSite[];
  /** The slowest calls. */
  readonly examples: readonly {
    readonly traceId?: string;
    readonly unit: string;
    readonly durationMs: number;
  }[];
  /** How the database would run it, where that was asked. */
  readonly plan?: QueryPlan;
  /** The plan before, where the present one has another shape and is dearer. */
  readonly previousPlan?: QueryPlan;
  readonly advice: readonly Advice[];
  readonly whyNot?: string;
}

/** Units of work of one name. */
export interface RouteReport {
  readonly route: string;
  readonly kind: UnitKind;
  readonly units: number;
  readonly failures: number;
  /** Percentiles of the unit's whole duration. */
  readonly durationMs: Percentiles;
  /** Statements for each unit. */
  readonly queries: Percentiles;
  readonly rows: number;
  /** Statements by data source; of these on replicas, where replication is configured. */
  readonly dataSources: readonly {
    readonly name: string;
    readonly queries: number;
    readonly replica?: number;
  }[];
  /** Sums over all units. */
  readonly timeMs: TimeSplit;
  /** Percentiles over units, each with all its statements. */
  readonly unitTimeMs: {
    readonly wait: Percentiles;
    readonly execute: Percentiles;
    readonly hydrate: Percentiles;
  };
  /** Statements that failed. */
  readonly errors: number;
  readonly findings: number;
}

/** A finding over all its occurrences; the figures are those of the costliest. */
export interface ReportedFinding extends Finding {
  /** Stable over restarts: kind, route, relation or statement, and place. */
  readonly id: string;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly occurrences: number;
  readonly traceIds: readonly string[];
}

/** What QueryLens itself costs and could not do. */
export interface SelfReport {
  /** Time spent on analysis, off the request path, in microseconds. */
  readonly analysisMicroseconds: number;
  readonly unitsAnalysed: number;
  readonly recordsKept: number;
  readonly recordsDropped: number;
  /** Statistics entries given up because a maximum was reached, by collection. */
  readonly evicted: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly where: string; readonly count: number; readonly message: string }[];
  /** Features of the installed TypeORM or driver that were not found, and what is missing because of it. */
  readonly degraded: readonly string[];
  /** Ignore rules that matched nothing yet, and those that have expired. */
  readonly ignores: readonly {
    readonly rule: string;
    readonly matched: number;
    readonly isExpired: boolean;
  }[];
}

/** The stable JSON report, described by schema/report@1.json. */
export interface Report {
  readonly schema: 'query-lens/report@1';
  /** ISO 8601. */
  readonly generatedAt: string;
  readonly instance: {
    readonly id: string;
    readonly pid: number;
    readonly node: string;
    readonly version: string;
  };
  readonly window: { readonly from: string; readonly to: string };
  readonly totals: {
    readonly units: number;
    readonly queries: number;
    readonly errors: number;
    readonly rows: number;
    readonly timeMs: TimeSplit;
    readonly findings: Readonly<Record<Severity, number>>;
    /** Relations loaded for many parents at once by `autoBatch` or `createRelationLoader()`; absent where none were. */
    readonly batching?: { readonly loads: number; readonly statementsSaved: number };
  };
  readonly dataSources: readonly {
    readonly name: string;
    readonly driver: string;
    readonly queries: number;
    readonly errors: number;
    readonly rows: number;
    readonly waitMs: Percentiles;
    readonly executeMs: Percentiles;
    readonly hydrateMs: Percentiles;
  }[];
  readonly routes: readonly RouteReport[];
  /** Worst first. */
  readonly loadingStrategies: readonly LoadingStrategyReport[];
  /** Statements by total time, greatest first; at most 200. */
  readonly slowQueries: readonly SlowQueryReport[];
  /** Patterns of cache keys by the time they saved, greatest first. */
  readonly caches: readonly CacheReport[];
  readonly pools: readonly PoolReport[];
  /** Where reads went, of data sources that have replicas. */
  readonly replication: readonly ReplicationReport[];
  /** By the time they were open together, greatest first; at most 200. */
  readonly transactions: readonly TransactionReport[];
  /** Most frequent first. */
  readonly lockConflicts: readonly LockConflictReport[];
  /** Worst first. */
  readonly findings: readonly ReportedFinding[];
  readonly self: SelfReport;
}

export type { Percentiles, TimeSplit };
