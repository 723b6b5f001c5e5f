/** How much one unit of work may keep. What exceeds it is counted and said in the report. */
export interface UnitLimits {
  /** @defaultValue 5000 */
  readonly maxQueries: number;
  /** @defaultValue 5000 */
  readonly maxLoads: number;
  /** Accesses of caches. @defaultValue 5000 */
  readonly maxCacheAccesses: number;
  /** Rows kept for provenance, all statements together. @defaultValue 2000 */
  readonly maxSampledRows: number;
  /** Captured stacks, all statements together. @defaultValue 500 */
  readonly maxCallSites: number;
}

export const DEFAULT_UNIT_LIMITS: UnitLimits = {
  maxQueries: 5_000,
  maxLoads: 5_000,
  maxCacheAccesses: 5_000,
  maxSampledRows: 2_000,
  maxCallSites: 500,
};
