import { valueKey, type ValueKey } from '../query-values.js';
import type { RowSource } from './row-source.js';
import type { SourceColumn } from './source-column.js';

/** One value in one column of one source. */
export interface Occurrence {
  readonly source: RowSource;
  readonly column: SourceColumn;
  /** The first row that holds the value. */
  readonly row: number;
  /** Nearly every row has a value of its own: the column identifies rows, unlike a status or a country. */
  readonly isDistinct: boolean;
}

/** The same column in several sources. */
interface ColumnIndex {
  readonly column: SourceColumn;
  readonly pending: { readonly source: RowSource; readonly column: SourceColumn }[];
  readonly values: Map<ValueKey, Occurrence[]>;
}

const DISTINCT_SHARE = 0.9;
const NONE: readonly Occurrence[] = [];

/** Where each value stood, column by column. A column's values are indexed when they are first asked for. */
export class ValueIndex {
  private readonly indexes = new Map<string, ColumnIndex>();

  add(source: RowSource): void {
    for (const column of source.columns) {
      const index = this.indexes.get(column.id);
      if (index !== undefined) index.pending.push({ source, column });
      else this.indexes.set(column.id, { column, pending: [{ source, column }], values: new Map() });
    }
  }

  /** How many columns there are: they are only ever added. */
  get size(): number {
    return this.indexes.size;
  }

  /** One of each, whatever source it stands in. */
  *columns(): Generator<SourceColumn> {
    for (const { column } of this.indexes.values()) yield column;
  }

  /** In the order in which their sources were added. */
  occurrences(column: SourceColumn, value: ValueKey): readonly Occurrence[] {
    const index = this.indexes.get(column.id);
    if (index === undefined) return NONE;
    for (const { source, column: own } of index.pending.splice(0)) addValues(index.values, source, own);
    return index.values.get(value) ?? NONE;
  }
}

function addValues(values: Map<ValueKey, Occurrence[]>, source: RowSource, column: SourceColumn): void {
  const rows = new Map<ValueKey, number>();
  for (const [index, row] of source.rows.entries()) {
    const key = valueKey(row[column.name]);
    if (key !== undefined && !rows.has(key)) rows.set(key, index);
  }
  const isDistinct = isSoleKey(column) || rows.size >= source.rows.length * DISTINCT_SHARE;
  for (const [key, row] of rows) {
    const occurrence = { source, column, row, isDistinct };
    const list = values.get(key);
    if (list === undefined) values.set(key, [occurrence]);
    else list.push(occurrence);
  }
}

/** A joined parent's key repeats with each child and identifies the parent all the same. */
function isSoleKey({ entity, column }: SourceColumn): boolean {
  const keys = entity?.columns.filter((candidate) => candidate.isPrimary) ?? [];
  return keys.length === 1 && keys[0]?.column === column;
}
