import { quoted, type TableName } from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import type { ExistingIndex, ForeignKey, TableColumn, TableFacts } from '../../investigation/table-facts.js';
import { isSameName } from '../../sql/is-same-name.js';

/** Tables, views and indexes that are looked at, tables first. */
const MAX_ENTRIES = 5_000;

/** What stands in a schema: `CREATE TABLE ...`. */
export interface SchemaEntry {
  readonly type: 'table' | 'index' | 'view';
  readonly name: string;
  readonly table: string;
  /** Absent for indexes that SQLite made itself. */
  readonly sql?: string;
}

/** A line of `sqlite_stat1`: rows of the index, then rows for one value of its first column, of its first two ... */
export interface IndexStatistics {
  readonly table: string;
  /** Absent for a table that has no index. */
  readonly index?: string;
  readonly text: string;
}

/** A schema and its statistics, without a single row of it. */
export interface SqliteCatalog {
  readonly version: string;
  readonly entries: readonly SchemaEntry[];
  readonly statistics: readonly IndexStatistics[];
}

/** Reads what SQLite knows of its tables. */
export async function readSqliteCatalog(query: SendQuery): Promise<SqliteCatalog> {
  const [row] = await query('SELECT sqlite_version() AS version');
  const schema = await query(
    `SELECT type, name, tbl_name AS "table", sql FROM sqlite_master WHERE type IN ('table', 'index', 'view')
     ORDER BY type = 'table' DESC LIMIT ${MAX_ENTRIES}`,
  );
  const entries = schema.map(({ type, name, table, sql }): SchemaEntry => ({
    type: type as SchemaEntry['type'],
    name: String(name),
    table: String(table),
    ...(typeof sql === 'string' ? { sql } : {}),
  }));
  const isAnalyzed = entries.some(({ name }) => name === 'sqlite_stat1');
  const lines = isAnalyzed ? await query('SELECT tbl, idx, stat FROM sqlite_stat1') : [];
  return {
    version: String(row?.['version']),
    entries,
    statistics: lines.map(({ tbl, idx, stat }) => ({
      table: String(tbl),
      ...(typeof idx === 'string' ? { index: idx } : {}),
      text: String(stat),
    })),
  };
}

/** Rows of an index, then for one value of its first column, and so on; undefined where it was never analysed. */
export function indexRows({ statistics }: SqliteCatalog, index: string): readonly number[] | undefined {
  const line = statistics.find((each) => each.index === index);
  return line === undefined ? undefined : numbersOf(line.text);
}

/** Rows of a table, as ANALYZE has counted them. */
export function tableRows({ statistics }: SqliteCatalog, table: string): number | undefined {
  const counts = statistics.flatMap((line) => (line.table === table ? (numbersOf(line.text)[0] ?? []) : []));
  // A partial index has fewer.
  return counts.length === 0 ? undefined : Math.max(...counts);
}

/** Words such as `unordered` may follow. */
function numbersOf(text: string): readonly number[] {
  return text.split(' ').map(Number).filter(Number.isFinite);
}

/** Facts of tables, by the schema that is on the connection, and the statistics of the catalog. */
export async function readSqliteFacts(
  query: SendQuery,
  catalog: SqliteCatalog,
  tables: readonly TableName[],
): Promise<readonly TableFacts[]> {
  const facts: TableFacts[] = [];
  for (const { name } of tables) {
    const entry = catalog.entries.find((each) => each.type === 'table' && isSameName(each.name, name));
    if (entry !== undefined) facts.push(await tableFacts(query, catalog, entry.name));
  }
  return facts;
}

async function tableFacts(query: SendQuery, catalog: SqliteCatalog, name: string): Promise<TableFacts> {
  const table = { name };
  const columns = await query(
    'SELECT name, type, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid',
    [name],
  );
  const rows = tableRows(catalog, name);
  const indexes = await readIndexes(query, catalog, table);
  const key = columns.filter(({ pk }) => Number(pk) > 0);
  // The table itself is ordered by its one INTEGER PRIMARY KEY; no index stands for it.
  const isRowid = key.length === 1 && /^integer$/iu.test(String(key[0]?.['type']));
  return {
    table,
    rows: rows ?? 0,
    bytes: 0,
    isAnalyzed: rows !== undefined,
    columns: columns.map((column): TableColumn => ({
      name: String(column['name']),
      type: String(column['type']).toLowerCase(),
      isIndexable: !/json/iu.test(String(column['type'])),
    })),
    foreignKeys: await readForeignKeys(query, name),
    indexes: isRowid ? [rowidIndex(table, String(key[0]?.['name'])), ...indexes] : indexes,
  };
}

async function readForeignKeys(query: SendQuery, table: string): Promise<readonly ForeignKey[]> {
  const rows = await query('SELECT id, "table", "from" FROM pragma_foreign_key_list(?) ORDER BY id, seq', [
    table,
  ]);
  return [...new Set(rows.map(({ id }) => Number(id)))].map((id) => {
    const own = rows.filter((row) => Number(row['id']) === id);
    return {
      columns: own.map((row) => String(row['from'])),
      references: { name: String(own[0]?.['table']) },
    };
  });
}

function rowidIndex(table: TableName, column: string): ExistingIndex {
  return {
    name: 'INTEGER PRIMARY KEY',
    table,
    method: 'btree',
    columns: [column],
    include: [],
    keys: [],
    isUnique: true,
    isPrimary: true,
    isValid: true,
    isConstraint: true,
    definition: `${quoted(table.name)} (${quoted(column)})`,
    bytes: 0,
  };
}

async function readIndexes(
  query: SendQuery,
  { entries }: SqliteCatalog,
  table: TableName,
): Promise<readonly ExistingIndex[]> {
  const list = await query('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', [table.name]);
  const indexes: ExistingIndex[] = [];
  for (const { name, unique, origin, partial } of list) {
    const keys = await query(
      'SELECT name, "desc", coll FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno',
      [name],
    );
    const sql = entries.find((entry) => entry.type === 'index' && entry.name === name)?.sql;
    const columns = keys.map((key) => (typeof key['name'] === 'string' ? key['name'] : null));
    const predicate = Number(partial) === 1 ? /\bWHERE\b(.*)$/isu.exec(sql ?? '')?.[1]?.trim() : undefined;
    const parts = keys.map(
      (key, at) =>
        `${columns[at] === null ? 'expression' : quoted(columns[at] ?? '')} COLLATE ${String(key['coll'])}${Number(key['desc']) === 1 ? ' DESC' : ''}`,
    );
    indexes.push({
      name: String(name),
      table,
      method: 'btree',
      columns,
      include: [],
      keys: columns.includes(null) ? [] : parts,
      isUnique: Number(unique) === 1,
      isPrimary: origin === 'pk',
      isValid: true,
      isConstraint: origin !== 'c',
      // Expressions are known by the text only.
      definition: columns.includes(null)
        ? (sql?.replace(/^.*?\bON\b/isu, '') ?? '')
        : `${quoted(table.name)} (${parts.join(', ')})${predicate === undefined ? '' : ` WHERE ${predicate}`}`,
      ...(predicate === undefined ? {} : { predicate }),
      bytes: 0,
    });
  }
  return indexes;
}
