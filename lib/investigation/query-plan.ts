/** How a node gets at the rows of a table. */
export type Access =
  /** Every row of the table. */
  | 'full-scan'
  /** Every entry of an index. */
  | 'full-index-scan'
  /** A part of an index, then the rows it points to. */
  | 'index-scan'
  /** A part of an index, which holds all that is needed. */
  | 'index-only-scan';

/** One step of a plan, as the database names it. Conditions are shown with literals masked. */
export interface PlanNode {
  /** In the words of the database: `Seq Scan`, `Nested Loop`, `ref`, `SCAN`. */
  readonly operation: string;
  readonly access?: Access;
  readonly relation?: string;
  readonly schema?: string;
  /** What the statement calls the relation, where that is another name. */
  readonly alias?: string;
  readonly index?: string;
  /** What the index is asked for, or what a join goes by. */
  readonly condition?: string;
  /** What rows are tested for after they have been read. */
  readonly filter?: string;
  readonly sortKeys?: readonly string[];
  /** Rows that come out of one execution, as the planner expects. */
  readonly rowsEstimated?: number;
  /** The same as seen, where the statement was run (`analyze`). */
  readonly rowsActual?: number;
  /** Rows that the filter threw away, of one execution; where the statement was run. */
  readonly rowsRemoved?: number;
  /** Executions: as seen, or else as the planner expects. */
  readonly loops: number;
  /** Of one execution, its children included, in the planner's units; they compare with each other only. */
  readonly cost?: number;
  /**
   * Share of the plan's whole cost that is this node's own, children left out: 0 to 1. Where the database tells no costs of
   * steps (MySQL, MariaDB, SQLite), share of the rows that are read.
   */
  readonly costShare?: number;
  /** The node with the greatest share. */
  readonly isCostliest?: true;
  /** Of one execution, its children included, in milliseconds; where the statement was run. */
  readonly timeMs?: number;
  readonly children: readonly PlanNode[];
}

export type PlanWarningKind =
  | 'scan-discards-rows'
  | 'misestimate'
  | 'spilled-to-disk'
  | 'nested-loop'
  | 'function-on-column'
  | 'leading-wildcard'
  | 'walking-offset'
  | 'or-condition'
  /** Many rows are put in order, for want of an index that has it. */
  | 'sort'
  /** Rows are collected in a table of its own before they are given. */
  | 'temporary-table';

/** Something in a plan that usually costs. */
export interface PlanWarning {
  readonly kind: PlanWarningKind;
  readonly relation?: string;
  /** One sentence. */
  readonly text: string;
}

export type DatabaseKind = 'postgres' | 'mysql' | 'mariadb' | 'sqlite';

/**
 * Which values a statement was planned with. `generic`: with none, as a prepared statement is; `literals`: those in its
 * own text; `slowest-call`: those of its slowest call; `sampled`: such as stand in some row of the table, for databases that
 * plan with values only (MySQL, MariaDB).
 */
export type PlannedValues = 'generic' | 'literals' | 'slowest-call' | 'sampled';

/** How a database would run a statement, the same model for every database. */
export interface QueryPlan {
  readonly database: DatabaseKind;
  /** `15.4` */
  readonly version: string;
  readonly values: PlannedValues;
  /** The statement was run, so rows and times are those that were seen. */
  readonly isAnalyzed: boolean;
  /** In the planner's units; absent where the database tells none. */
  readonly cost?: number;
  /** Rows of tables and indexes that are read for one call, as expected or, where the statement was run, as seen. */
  readonly rowsRead?: number;
  /** Rows that come out of one call. */
  readonly rowsReturned?: number;
  readonly root: PlanNode;
  readonly warnings: readonly PlanWarning[];
  /** Equal for plans with the same nodes, relations and indexes, whatever their figures. */
  readonly shape: string;
}
