import type { IndexDefinition, TableName } from './index-definition.js';

/** An index that exists. */
export interface ExistingIndex {
  readonly name: string;
  readonly table: TableName;
  /** `btree`, `gin`, `hash`. */
  readonly method: string;
  /** In order; null for an expression. */
  readonly columns: readonly (string | null)[];
  readonly include: readonly string[];
  /**
   * One for each of `columns`, with all that decides what it serves: expression, collation, operator class, direction. Equal
   * keys are searched and ordered alike. Empty where the database does not say.
   */
  readonly keys: readonly string[];
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  /** False after a CREATE INDEX CONCURRENTLY that failed: it costs writes and serves nothing; and for one that was hidden. */
  readonly isValid: boolean;
  /** It is not valid because building it did not come to its end, and nobody is at work on it. */
  readonly isBroken?: boolean;
  /** Another constraint or the table's replica identity rests on it, or it is a part of another index: it cannot go alone. */
  readonly isConstraint: boolean;
  /** The whole definition without the index's name: equal for indexes that do the same. */
  readonly definition: string;
  readonly predicate?: string;
  readonly bytes: number;
  /** Since the database's statistics were reset; undefined where the database does not count. */
  readonly scans?: number;
}

/** Columns that refer to another table. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly references: TableName;
}

/** What the database knows of one table. */
export interface TableFacts {
  readonly table: TableName;
  /** PostgreSQL: its rows are in partitions, each a table of its own. */
  readonly isPartitioned?: boolean;
  /** As the planner believes. */
  readonly rows: number;
  readonly bytes: number;
  /** Statistics of its values exist: without, the planner guesses. */
  readonly isAnalyzed: boolean;
  readonly columns: readonly TableColumn[];
  readonly indexes: readonly ExistingIndex[];
  /** Rows inserted, updated and deleted since the database's statistics were reset. */
  readonly writes?: number;
  readonly foreignKeys: readonly ForeignKey[];
  /** The database refuses indexes whose columns may take more, together. */
  readonly maxKeyBytes?: number;
  /** Since when `scans` count, in milliseconds since the epoch; undefined where nobody knows. */
  readonly scansSince?: number;
}

/** One column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly type: string;
  /** A b-tree index can hold it; not so json, arrays, vectors. */
  readonly isIndexable: boolean;
  /** Of its type, an average: in bytes. */
  readonly width?: number;
  /** What it may take in an index, in bytes, where the database refuses an index by that. */
  readonly keyBytes?: number;
}

/** Wider columns are not indexed: of texts that are so long on average, one may be longer than the database takes. */
export const MAX_KEY_WIDTH = 500;

/** The table, in whatever schema where none is said. */
export function factsOf(facts: readonly TableFacts[], { schema, name }: TableName): TableFacts | undefined {
  return facts.find(
    ({ table }) =>
      table.name === name && (schema === undefined || table.schema === undefined || table.schema === schema),
  );
}

/** An existing plain index that begins with the columns of a wanted one. */
export function coveringIndex(wanted: IndexDefinition, { indexes }: TableFacts): ExistingIndex | undefined {
  return indexes.find(
    ({ columns, method, predicate, isValid }) =>
      isValid &&
      method === 'btree' &&
      (predicate === undefined || predicate === wanted.where) &&
      wanted.columns.every(({ column }, at) => columns[at] === column) &&
      (wanted.include ?? []).every((column) => columns.includes(column)),
  );
}
