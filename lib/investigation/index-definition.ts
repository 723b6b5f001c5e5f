/** A table as plans name it, without quotes. */
export interface TableName {
  readonly schema?: string;
  readonly name: string;
}

/** One column of an index, in its order. */
export interface IndexColumn {
  readonly column: string;
  readonly isDescending?: true;
}

/** A b-tree index that does not exist yet. */
export interface IndexDefinition {
  readonly table: TableName;
  readonly columns: readonly IndexColumn[];
  /** Columns that are stored with it and not searched by. PostgreSQL only. */
  readonly include?: readonly string[];
  /** Rows that are in it: `"deletedAt" IS NULL`. Never holds a value of a statement. PostgreSQL and SQLite. */
  readonly where?: string;
}

export type QuoteCharacter = '"' | '`';

/** A name in quotes. */
export function quoted(name: string, quote: QuoteCharacter = '"'): string {
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
}

/** `"public"."flight"` */
export function quotedTable({ schema, name }: TableName, quote: QuoteCharacter = '"'): string {
  return schema === undefined ? quoted(name, quote) : `${quoted(schema, quote)}.${quoted(name, quote)}`;
}

/** What stands after CREATE INDEX and the index's name. */
export function indexTarget(index: IndexDefinition, quote: QuoteCharacter = '"'): string {
  return `ON ${quotedTable(index.table, quote)} ${indexKeys(index, quote)}`;
}

/** What stands there behind the table. */
export function indexKeys(index: IndexDefinition, quote: QuoteCharacter): string {
  const columns = index.columns.map(({ column, isDescending }) =>
    isDescending === true ? `${quoted(column, quote)} DESC` : quoted(column, quote),
  );
  const include = index.include?.map((column) => quoted(column, quote)) ?? [];
  return [
    `(${columns.join(', ')})`,
    include.length === 0 ? '' : `INCLUDE (${include.join(', ')})`,
    index.where === undefined ? '' : `WHERE ${index.where}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** `flight (originId, departedAt DESC)`: for people. */
export function indexText({ table, columns, include, where }: IndexDefinition): string {
  const names = columns.map(({ column, isDescending }) =>
    isDescending === true ? `${column} DESC` : column,
  );
  const rest = [
    include === undefined || include.length === 0 ? '' : ` including ${include.join(', ')}`,
    where === undefined ? '' : ` where ${where.replaceAll('"', '')}`,
  ];
  return `${table.name} (${names.join(', ')})${rest.join('')}`;
}

/** Equal for equal indexes. */
export function indexKey(index: IndexDefinition): string {
  return `${index.table.schema ?? ''} ${indexText(index)}`;
}
