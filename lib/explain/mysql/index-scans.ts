import { canGo } from '../../investigation/redundant-indexes.js';
import type { TableName } from '../../investigation/index-definition.js';
import type { SendQuery, SessionRow } from '../../investigation/sql-session.js';
import type { ExistingIndex, TableFacts } from '../../investigation/table-facts.js';

/**
 * Rows that were found by each index, where `performance_schema` counts them: MySQL by default, MariaDB where it was switched on.
 * What is denied to the login rejects.
 */
const COUNTED = `
SELECT INDEX_NAME AS name, COUNT_STAR AS uses FROM performance_schema.table_io_waits_summary_by_index_usage
WHERE OBJECT_SCHEMA = ? AND OBJECT_NAME = ?
  AND EXISTS (SELECT 1 FROM performance_schema.setup_instruments WHERE NAME = 'wait/io/table/sql/handler' AND ENABLED = 'YES')
  AND EXISTS (SELECT 1 FROM performance_schema.setup_consumers WHERE NAME = 'global_instrumentation' AND ENABLED = 'YES')`;

/** The same by MariaDB's `userstat`, where it was not switched on meanwhile: then nobody knows since when it counts. */
const USER_STATISTICS = `
SELECT s.INDEX_NAME AS name, s.ROWS_READ AS uses FROM information_schema.INDEX_STATISTICS s
WHERE s.TABLE_SCHEMA = ? AND s.TABLE_NAME = ? AND EXISTS (SELECT 1 FROM information_schema.SYSTEM_VARIABLES
  WHERE VARIABLE_NAME = 'USERSTAT' AND GLOBAL_VALUE = 'ON' AND GLOBAL_VALUE_ORIGIN IN ('CONFIG', 'COMMAND-LINE'))`;

/** A start forgets what was counted, and so does every ALTER of the table, which dates it anew. */
const TABLE = `
SELECT UNIX_TIMESTAMP(CREATE_TIME) AS madeAt FROM information_schema.TABLES WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?`;

/** InnoDB does not let an index go that foreign keys of other tables refer to. */
const REFERENCED = `
SELECT REFERENCED_COLUMN_NAME AS name FROM information_schema.KEY_COLUMN_USAGE
WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME = ?`;

/** The server, and since when it runs, in seconds since the epoch. */
interface Server {
  readonly schema: string;
  readonly startedAt: number;
}

/**
 * The facts with how often each index was used, where the server counts that and may be believed: it is no replica, and it has
 * counted something of the table. Never rejects.
 */
export async function withIndexScans(
  query: SendQuery,
  all: readonly TableFacts[],
): Promise<readonly TableFacts[]> {
  const server = await askServer(query).catch(() => undefined);
  if (server === undefined) return all;
  const counted: TableFacts[] = [];
  for (const facts of all) counted.push(await withScans(query, facts, server).catch(() => facts));
  return counted;
}

async function askServer(query: SendQuery): Promise<Server | undefined> {
  const [row = {}] = await query(
    'SELECT DATABASE() AS own, UNIX_TIMESTAMP() AS now, @@global.read_only AS isReadOnly',
  );
  const [uptime] = await query(`SHOW GLOBAL STATUS LIKE 'Uptime'`);
  const startedAt = Number(row['now']) - Number(uptime?.['Value']);
  const isPrimary = ['0', 'OFF'].includes(String(row['isReadOnly']));
  return isPrimary && Number.isFinite(startedAt) ? { schema: String(row['own']), startedAt } : undefined;
}

async function withScans(query: SendQuery, facts: TableFacts, server: Server): Promise<TableFacts> {
  const { schema = server.schema, name }: TableName = facts.table;
  const uses = await usesOf(query, schema, name);
  const [table] = await query(TABLE, [schema, name]);
  const madeAt = Number(table?.['madeAt'] ?? Number.NaN);
  if (uses === undefined || !Number.isFinite(madeAt)) return facts;
  const indexes = facts.indexes.map((index) =>
    index.method === 'btree' ? { ...index, scans: uses.get(index.name) ?? 0 } : index,
  );
  const isUnused = indexes.some((index) => index.scans === 0 && canGo(index));
  const referenced = isUnused ? await query(REFERENCED, [schema, schema, name]) : [];
  return {
    ...facts,
    indexes: indexes.map((index) => bound(index, referenced)),
    scansSince: Math.max(server.startedAt, madeAt) * 1_000,
  };
}

/** Undefined where nothing of the table was counted: then it may not be counted at all. */
async function usesOf(
  query: SendQuery,
  schema: string,
  table: string,
): Promise<ReadonlyMap<string, number> | undefined> {
  for (const counts of [COUNTED, USER_STATISTICS]) {
    const rows = await query(counts, [schema, table]).catch(() => []);
    if (rows.some(({ uses }) => Number(uses) > 0))
      return new Map(rows.map(({ name, uses }) => [String(name), Number(uses)]));
  }
  return undefined;
}

function bound(index: ExistingIndex, referenced: readonly SessionRow[]): ExistingIndex {
  const isReferenced = referenced.some(({ name }) => name === index.columns[0]);
  return isReferenced ? { ...index, isConstraint: true } : index;
}
