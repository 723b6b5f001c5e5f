/** What a planner knows of one column. */
export interface ColumnStatistics {
  readonly nullFraction: number;
  /** Bytes. */
  readonly averageWidth: number;
  /** As in `pg_stats.n_distinct`: a number of values, or a negative share of the rows. */
  readonly distinct: number;
  /** A PostgreSQL array literal; the only values of rows that are ever exported, and only where they were asked for. */
  readonly mostCommonValues?: string;
  readonly mostCommonFrequencies?: readonly number[];
  readonly correlation?: number;
}

/** A column, with what the planner knows of it where it was ever analysed. */
export interface ProductionColumn {
  readonly name: string;
  /** As `format_type()` writes it: `character varying(20)`. */
  readonly type: string;
  readonly isNullable: boolean;
  readonly statistics?: ColumnStatistics;
}

/** An index, also one that is not valid. */
export interface ProductionIndex {
  readonly name: string;
  /** As `pg_get_indexdef()` writes it. */
  readonly definition: string;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  /** False after a failed CREATE INDEX CONCURRENTLY. */
  readonly isValid: boolean;
  readonly rows: number;
  readonly pages: number;
  readonly bytes: number;
  /** Scans since the statistics were last reset. */
  readonly scans?: number;
}

/** One table, with what the planner knows of it and none of its rows. */
export interface ProductionTable {
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'partitioned' | 'materialized-view' | 'foreign';
  /** -1: never analysed. */
  readonly rows: number;
  readonly pages: number;
  /** Pages that an index-only scan need not look at. */
  readonly allVisiblePages: number;
  readonly bytes: number;
  /** Rows inserted, updated and deleted since the statistics were last reset. */
  readonly writes?: number;
  readonly columns: readonly ProductionColumn[];
  readonly indexes: readonly ProductionIndex[];
}

/** A view, which plans as its definition. */
export interface ProductionView {
  readonly schema: string;
  readonly name: string;
  readonly definition: string;
}

/** A type that the database made itself. */
export type ProductionType =
  | {
      readonly kind: 'enum';
      readonly schema: string;
      readonly name: string;
      readonly labels: readonly string[];
    }
  | { readonly kind: 'domain'; readonly schema: string; readonly name: string; readonly base: string };

/**
 * A database as its planner sees it: tables, indexes and statistics without rows. What `query-lens export-statistics` writes
 * and `query-lens advise` reads.
 */
export interface ProductionStatistics {
  readonly schema: 'query-lens/statistics@1';
  /** ISO 8601. */
  readonly exportedAt: string;
  /** `16.4` */
  readonly serverVersion: string;
  /** Most-common values were exported. */
  readonly hasValues: boolean;
  readonly searchPath: string;
  /** Settings that planning depends on: `random_page_cost`, `work_mem`, ... */
  readonly settings: Readonly<Record<string, string>>;
  readonly types: readonly ProductionType[];
  readonly tables: readonly ProductionTable[];
  readonly views: readonly ProductionView[];
}
