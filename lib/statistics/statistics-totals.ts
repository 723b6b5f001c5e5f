/** Sums over every unit of work, those of evicted entries included. */
export interface StatisticsTotals {
  units: number;
  queries: number;
  errors: number;
  rows: number;
  wait: number;
  execute: number;
  hydrate: number;
  /** Statements and loads that exceeded the maximum of their unit. */
  dropped: number;
  /** Relation loads that served many parents, and statements that TypeORM would have sent besides. */
  batchedLoads: number;
  statementsSaved: number;
}

/** Before anything was seen. */
export function noTotals(): StatisticsTotals {
  return {
    units: 0,
    queries: 0,
    errors: 0,
    rows: 0,
    wait: 0,
    execute: 0,
    hydrate: 0,
    dropped: 0,
    batchedLoads: 0,
    statementsSaved: 0,
  };
}
