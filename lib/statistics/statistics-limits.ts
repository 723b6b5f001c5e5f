/** How many entries the statistics keep. What is seen longest ago gives way, and the report says how much did. */
export interface StatisticsLimits {
  /** @defaultValue 2000 */
  readonly maxStatements: number;
  /** @defaultValue 1000 */
  readonly maxRoutes: number;
  /** Relation, route and strategy. @defaultValue 2000 */
  readonly maxRelations: number;
  /** Places with a finding. @defaultValue 1000 */
  readonly maxFindings: number;
  /** Call sites whose loads are watched for what is read of them. @defaultValue 500 */
  readonly maxReads: number;
  /** Patterns of cache keys. @defaultValue 500 */
  readonly maxCachePatterns: number;
  /** Statements with their values that may be worth a cache. @defaultValue 2000 */
  readonly maxRepeatedReads: number;
  /** @defaultValue 100 */
  readonly maxDataSources: number;
  /** Places that begin transactions, for each route. @defaultValue 1000 */
  readonly maxTransactions: number;
  /** Statements that lost a lock, by error. @defaultValue 200 */
  readonly maxLockConflicts: number;
}

export const DEFAULT_STATISTICS_LIMITS: StatisticsLimits = {
  maxStatements: 2_000,
  maxRoutes: 1_000,
  maxRelations: 2_000,
  maxFindings: 1_000,
  maxReads: 500,
  maxCachePatterns: 500,
  maxRepeatedReads: 2_000,
  maxDataSources: 100,
  maxTransactions: 1_000,
  maxLockConflicts: 200,
};

/** Places in the user's code that one entry names. */
export const MAX_CALL_SITES = 5;
/** Routes that one statement names. */
export const MAX_ROUTES_PER_STATEMENT = 20;
/** Data sources that one route names. */
export const MAX_DATA_SOURCES_PER_ROUTE = 20;
/** Slowest calls of a statement that are remembered. */
export const MAX_EXAMPLES = 3;
/** Traces in which a finding was seen. */
export const MAX_TRACE_IDS = 5;
/** Normalised statement texts are cut here, so that 2,000 of them stay small. */
export const MAX_TEXT_LENGTH = 4_096;
/** Errors, by code, that one entry tells apart. */
export const MAX_ERRORS = 10;
/** Isolation levels of one place that are named. */
export const MAX_ISOLATIONS = 4;
/** Times in which a pool was full that are remembered of each. */
export const MAX_RECENT_SATURATIONS = 20;
