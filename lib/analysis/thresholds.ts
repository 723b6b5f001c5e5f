/** When a detector speaks. Every figure can be changed with `thresholds` in the module's options. */
export interface Thresholds {
  /** n-plus-one and count-per-row: statements with different values for one parent batch. @defaultValue 3 */
  readonly minRepeats: number;
  /** duplicate-query: identical statements with identical values in one unit. @defaultValue 2 */
  readonly minDuplicates: number;
  /** save-in-loop: single-row writes from one call site. @defaultValue 5 */
  readonly minWrites: number;
  /** sequential-queries: each statement at least this long, in milliseconds. @defaultValue 30 */
  readonly sequentialQueryMs: number;
  /** sequential-queries: time saved by running together, in milliseconds. @defaultValue 100 */
  readonly sequentialSavingMs: number;
  /** sequential-queries: time saved as a share of the unit, 0 to 1. @defaultValue 0.1 */
  readonly sequentialSavingShare: number;
  /** cartesian-product: raw rows for each root entity. @defaultValue 10 */
  readonly cartesianRowsPerRoot: number;
  /** cartesian-product: raw rows against the rows that separate queries would read. @defaultValue 3 */
  readonly cartesianFactor: number;
  /** unbounded-result: rows of a list read without take or limit. @defaultValue 1000 */
  readonly unboundedRows: number;
  /** unused-relation and unused-columns: watched loads of a call site. @defaultValue 20 */
  readonly minSampledLoads: number;
  /** unused-columns: bytes of unread columns in each load. @defaultValue 1000 */
  readonly unusedColumnBytes: number;
  /** slow-query: 95th percentile of the execution time, in milliseconds. @defaultValue 100 */
  readonly slowQueryMs: number;
  /** slow-query: calls that make a 95th percentile worth reading. @defaultValue 3 */
  readonly slowQueryCalls: number;
  /** slow-query: one call that takes this many times `slowQueryMs` is enough. @defaultValue 5 */
  readonly slowQueryFactor: number;
  /** unused-index: size of the index, in bytes. @defaultValue 10000000 */
  readonly unusedIndexBytes: number;
  /** unused-index: days since the database began to count scans. @defaultValue 7 */
  readonly unusedIndexDays: number;
  /** pool-wait: time that one unit waited for connections of others, in milliseconds. @defaultValue 100 */
  readonly poolWaitMs: number;
  /** connection-leak: time that a connection is held without a statement, in milliseconds. @defaultValue 30000 */
  readonly connectionLeakMs: number;
  /** cacheable-query: units of work to which a statement with the same values gave the same rows. @defaultValue 10 */
  readonly minCacheableUnits: number;
  /** cacheable-query: time that a cache would have saved, in milliseconds. @defaultValue 100 */
  readonly cacheableSavingMs: number;
  /** cache-ineffective: look-ups (or writes without any) of one pattern of keys. @defaultValue 50 */
  readonly minCacheLookUps: number;
  /** cache-ineffective: hits as a share of the look-ups, 0 to 1. @defaultValue 0.2 */
  readonly minHitRatio: number;
  /** long-transaction: from BEGIN to the end, in milliseconds. @defaultValue 1000 */
  readonly longTransactionMs: number;
  /** idle-in-transaction: time without a statement, in milliseconds. @defaultValue 200 */
  readonly idleTransactionMs: number;
  /** idle-in-transaction: that time as a share of the transaction, 0 to 1. @defaultValue 0.5 */
  readonly idleTransactionShare: number;
}

export const DEFAULT_THRESHOLDS: Thresholds = {
  minRepeats: 3,
  minDuplicates: 2,
  minWrites: 5,
  sequentialQueryMs: 30,
  sequentialSavingMs: 100,
  sequentialSavingShare: 0.1,
  cartesianRowsPerRoot: 10,
  cartesianFactor: 3,
  unboundedRows: 1_000,
  minSampledLoads: 20,
  unusedColumnBytes: 1_000,
  slowQueryMs: 100,
  slowQueryCalls: 3,
  slowQueryFactor: 5,
  unusedIndexBytes: 10_000_000,
  unusedIndexDays: 7,
  poolWaitMs: 100,
  connectionLeakMs: 30_000,
  minCacheableUnits: 10,
  cacheableSavingMs: 100,
  minCacheLookUps: 50,
  minHitRatio: 0.2,
  longTransactionMs: 1_000,
  idleTransactionMs: 200,
  idleTransactionShare: 0.5,
};
