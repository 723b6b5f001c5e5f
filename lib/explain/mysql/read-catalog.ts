import { quoted, type TableName } from '../../investigation/index-definition.js';
import type { SendQuery, SessionRow } from '../../investigation/sql-session.js';
import type { ExistingIndex, ForeignKey, TableColumn, TableFacts } from '../../investigation/table-facts.js';

/** Types that an index holds only by a prefix, or not at all. */
const NO_KEY =
  /^(?:tinytext|text|mediumtext|longtext|tinyblob|blob|mediumblob|longblob|json|geometry|geometrycollection|(?:multi)?(?:point|linestring|polygon)|vector)/u;

/** Of numbers and times, at most. */
const FIXED_BYTES = 8;

/**
 * Tables of a data source: those without a schema are looked for in the connection's own. One at a time, because of
 * `information_schema` MariaDB opens every table of the server unless schema and name are given as constants.
 */
export async function readMysqlFacts(
  query: SendQuery,
  tables: readonly TableName[],
): Promise<readonly TableFacts[]> {
  if (tables.length === 0) return [];
  const [row] = await query('SELECT DATABASE() AS own');
  const own = text(row ?? {}, 'own');
  const facts: TableFacts[] = [];
  for (const { schema = own, name } of tables) {
    const found = await tableFacts(query, schema, name);
    if (found !== undefined) facts.push(schema === own ? found : withSchema(found, schema));
  }
  return facts;
}

async function tableFacts(query: SendQuery, schema: string, wanted: string): Promise<TableFacts | undefined> {
  const read = (what: string, of: string, rest = ''): Promise<readonly SessionRow[]> =>
    query(`SELECT ${what} FROM information_schema.${of} WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ${rest}`, [
      schema,
      wanted,
    ]);
  const [row] = await read(
    'TABLE_NAME AS name, TABLE_ROWS AS tableRows, DATA_LENGTH AS bytes, ENGINE AS engine, ROW_FORMAT AS rowFormat',
    'TABLES',
    `AND TABLE_TYPE = 'BASE TABLE' AND TABLE_SCHEMA NOT IN ('mysql', 'performance_schema', 'sys')`,
  );
  if (row === undefined) return undefined;
  const table = { name: text(row, 'name') };
  const columns = await read(
    'COLUMN_NAME AS name, COLUMN_TYPE AS type, CHARACTER_OCTET_LENGTH AS octets',
    'COLUMNS',
    'ORDER BY ORDINAL_POSITION',
  );
  // Every column: what says that an index is hidden has another name in each database.
  const keys = await read('s.*', 'STATISTICS s', 'ORDER BY SEQ_IN_INDEX');
  const foreign = foreignKeys(
    await read(
      `CONSTRAINT_NAME AS name, COLUMN_NAME AS columnName, REFERENCED_TABLE_SCHEMA AS parentSchema,
       REFERENCED_TABLE_NAME AS parentName`,
      'KEY_COLUMN_USAGE',
      'AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY ORDINAL_POSITION',
    ),
  );
  const maxBytes = maxKeyBytes(row);
  const sizes = await indexSizes(query, schema, table.name);
  return {
    table,
    rows: Number(row['tableRows'] ?? 0),
    bytes: Number(row['bytes'] ?? 0),
    isAnalyzed: row['tableRows'] !== null,
    columns: columns.map((column) => columnOf(column, maxBytes)),
    maxKeyBytes: maxBytes,
    foreignKeys: foreign,
    indexes: indexesOf(table, keys, foreign, (index) => sizes.get(index) ?? 0),
  };
}

function withSchema(facts: TableFacts, schema: string): TableFacts {
  const table = { schema, name: facts.table.name };
  return { ...facts, table, indexes: facts.indexes.map((index) => ({ ...index, table })) };
}

function text(row: SessionRow, ...names: readonly string[]): string {
  const name = names.find((each) => row[each] !== undefined);
  return name === undefined ? '' : String(row[name]);
}

function columnOf(row: SessionRow, maxBytes: number): TableColumn {
  const type = text(row, 'type');
  const keyBytes = Number(row['octets'] ?? FIXED_BYTES);
  const isIndexable = !NO_KEY.test(type) && keyBytes <= maxBytes;
  return { name: text(row, 'name'), type, isIndexable, keyBytes };
}

/** What the table's engine takes: https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html, and less elsewhere. */
function maxKeyBytes(row: SessionRow): number {
  if (!/^innodb$/iu.test(text(row, 'engine'))) return 1_000;
  return /^(?:dynamic|compressed)$/iu.test(text(row, 'rowFormat')) ? 3_072 : 767;
}

/** Columns of each foreign key. */
function foreignKeys(rows: readonly SessionRow[]): readonly ForeignKey[] {
  const names = new Set(rows.map((row) => text(row, 'name')));
  return [...names].map((name) => {
    const own = rows.filter((row) => text(row, 'name') === name);
    const [first = {}] = own;
    return {
      columns: own.map((row) => text(row, 'columnName')),
      references: { schema: text(first, 'parentSchema'), name: text(first, 'parentName') },
    };
  });
}

function indexesOf(
  table: TableName,
  rows: readonly SessionRow[],
  foreign: readonly ForeignKey[],
  sizeOf: (index: string) => number,
): readonly ExistingIndex[] {
  const names = [...new Set(rows.map((row) => text(row, 'INDEX_NAME')))];
  const indexes = names.map((name) =>
    indexOf(
      table,
      name,
      rows.filter((row) => text(row, 'INDEX_NAME') === name),
      sizeOf(name),
    ),
  );
  const serves = (index: ExistingIndex, key: readonly string[]): boolean =>
    key.every((column) => index.columns.slice(0, key.length).includes(column));
  // A foreign key needs one index that begins with its columns; where there are two, neither is bound.
  return indexes.map((index) => ({
    ...index,
    isConstraint:
      index.isConstraint ||
      foreign.some(
        ({ columns: key }) =>
          serves(index, key) && indexes.filter((other) => serves(other, key)).length === 1,
      ),
  }));
}

function indexOf(table: TableName, name: string, parts: readonly SessionRow[], bytes: number): ExistingIndex {
  const [first = {}] = parts;
  const method = text(first, 'INDEX_TYPE').toLowerCase();
  const isUnique = Number(first['NON_UNIQUE']) === 0;
  const isHidden = first['IS_VISIBLE'] === 'NO' || first['IGNORED'] === 'YES';
  // An index on the beginning of a text cannot be searched, or read in order, as one on the whole.
  const columns = parts.map((part) =>
    part['SUB_PART'] === null || part['SUB_PART'] === undefined ? nullable(part['COLUMN_NAME']) : null,
  );
  const definition = parts.map((part) => {
    const of = nullable(part['COLUMN_NAME']) ?? `(${text(part, 'EXPRESSION')})`;
    const length = nullable(part['SUB_PART']);
    return `${quoted(of, '`')}${length === null ? '' : `(${length})`}${part['COLLATION'] === 'D' ? ' DESC' : ''}`;
  });
  return {
    name,
    table,
    method,
    columns,
    include: [],
    keys: method === 'btree' ? definition : [],
    isUnique,
    isPrimary: name === 'PRIMARY',
    isValid: !isHidden,
    isConstraint: isUnique,
    definition: `${quoted(table.name, '`')} USING ${method} (${definition.join(', ')})`,
    bytes,
  };
}

function nullable(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Where the login may read them: bytes by index. */
async function indexSizes(
  query: SendQuery,
  schema: string,
  table: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await query(
    `SELECT index_name AS name, stat_value * @@innodb_page_size AS bytes FROM mysql.innodb_index_stats
     WHERE database_name = ? AND table_name = ? AND stat_name = 'size'`,
    [schema, table],
  ).catch(() => []);
  return new Map(rows.map((row) => [text(row, 'name'), Number(row['bytes'])]));
}

/** Definitions of views, where the login may see them: what stands after AS, by name in lower case. */
export async function readMysqlViews(
  query: SendQuery,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await query(
    `SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN (${names.map(() => '?').join(', ')})`,
    names,
  );
  return new Map(rows.map((row) => [text(row, 'name').toLowerCase(), text(row, 'definition')]));
}
