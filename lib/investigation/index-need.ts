import type { IndexColumn, TableName } from './index-definition.js';

/** What a statement asks of one table that an index could answer. Database names of columns. */
export interface IndexNeed {
  readonly table: TableName;
  /** Compared to values by `=` or IN. */
  readonly equal: readonly string[];
  /** Compared by `=` to a column of another table. */
  readonly joined: readonly string[];
  /** Compared by `<`, `>`, BETWEEN, or a pattern that does not begin with a wildcard. */
  readonly range: readonly string[];
  /** Wanted order, where all of it is this table's. */
  readonly sort: readonly IndexColumn[];
  /** Tested for NULL. */
  readonly nullTests: readonly { readonly column: string; readonly isNull: boolean }[];
  /**
   * Every column that is needed of the table, and perhaps other words, where that is known: an index that holds them all
   * spares the table.
   */
  readonly output?: readonly string[];
}
