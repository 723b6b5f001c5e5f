import { groupBy } from '../analysis/totals.js';
import type {
  ColumnStatistics,
  ProductionColumn,
  ProductionIndex,
  ProductionStatistics,
  ProductionTable,
  ProductionType,
  ProductionView,
} from './production-statistics.js';

/** Runs one statement and gives its rows. */
export type Ask = (sql: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;

type Row = Readonly<Record<string, unknown>>;

/** What to export. */
export interface ExportOptions {
  /** Export most-common values, which are values of rows. */
  readonly hasValues: boolean;
  /** Schemas to export; all but PostgreSQL's own where absent. */
  readonly schemas?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Reads PostgreSQL's catalogs: definitions and planner statistics, no table of the application. To be called inside of a
 * read-only transaction; needs no privilege but to connect. Statistics of tables that the role may not read are missing.
 *
 * Sources: PostgreSQL's documentation, "pg_stats", "pg_class", "Statistics Used by the Planner".
 */
export async function exportStatistics(
  ask: Ask,
  { hasValues, schemas, now }: ExportOptions,
): Promise<ProductionStatistics> {
  const wanted = [schemas ?? null];
  const [settings] = await ask(SETTINGS, [PLANNER_SETTINGS]);
  const types = await ask(TYPES, wanted);
  const tables = await ask(TABLES, wanted);
  const columns = byTable(await ask(COLUMNS, [...wanted, hasValues]));
  const indexes = byTable(await ask(INDEXES, wanted));
  const views = await ask(VIEWS, wanted);
  return {
    schema: 'query-lens/statistics@1',
    exportedAt: new Date(now).toISOString(),
    serverVersion: String(settings?.['version']),
    hasValues,
    searchPath: String(settings?.['search_path']),
    settings: (settings?.['planner'] ?? {}) as Record<string, string>,
    types: types.map(typeOf),
    tables: tables.map((row) => tableOf(row, columns, indexes)),
    views: views.map((row) => row as unknown as ProductionView),
  };
}

/** Settings that change costs; those that only switch a kind of plan off are left out, nobody sets them for good. */
const PLANNER_SETTINGS = [
  'seq_page_cost',
  'random_page_cost',
  'cpu_tuple_cost',
  'cpu_index_tuple_cost',
  'cpu_operator_cost',
  'effective_cache_size',
  'work_mem',
  'hash_mem_multiplier',
  'default_statistics_target',
  'from_collapse_limit',
  'join_collapse_limit',
  'max_parallel_workers_per_gather',
  'parallel_setup_cost',
  'parallel_tuple_cost',
  'min_parallel_table_scan_size',
  'min_parallel_index_scan_size',
];

const SETTINGS = `
  SELECT current_setting('server_version') AS version, current_setting('search_path') AS search_path,
    (SELECT json_object_agg(name, current_setting(name)) FROM pg_settings WHERE name = ANY ($1)) AS planner`;

const OF_APPLICATION = `
  n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ($1::text[] IS NULL OR n.nspname = ANY ($1))`;

/** What an extension brought, it brings in the shadow too, or nothing does. */
const NOT_OF_EXTENSION = `NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = '%catalog'::regclass AND d.objid = %object AND d.deptype = 'e')`;

const notOfExtension = (catalog: string, object: string): string =>
  NOT_OF_EXTENSION.replace('%catalog', catalog).replace('%object', object);

const TYPES = `
  SELECT n.nspname AS schema, t.typname AS name, t.typtype AS type,
    CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END AS base,
    (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS labels
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd') AND ${OF_APPLICATION} AND ${notOfExtension('pg_type', 't.oid')}
  ORDER BY t.oid`;

const TABLES = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpages AS pages, c.reltuples AS rows,
    c.relallvisible AS all_visible_pages, CASE WHEN c.relkind = 'f' THEN 0 ELSE pg_table_size(c.oid) END AS bytes,
    u.n_tup_ins + u.n_tup_upd + u.n_tup_del AS writes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_user_tables u ON u.relid = c.oid
  WHERE c.relkind IN ('r', 'p', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND ${OF_APPLICATION} AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY n.nspname, c.relname`;

const COLUMNS = `
  SELECT n.nspname AS schema, c.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
    NOT a.attnotnull AS is_nullable, s.null_frac, s.avg_width, s.n_distinct, s.correlation,
    CASE WHEN $2 THEN s.most_common_vals::text END AS most_common_vals,
    CASE WHEN $2 THEN to_json(s.most_common_freqs) END AS most_common_freqs
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
    AND s.inherited = (c.relkind = 'p')
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm', 'f') AND ${OF_APPLICATION}
  ORDER BY c.oid, a.attnum`;

const INDEXES = `
  SELECT n.nspname AS schema, t.relname AS table, c.relname AS name, pg_get_indexdef(i.indexrelid) AS definition,
    i.indisprimary AS is_primary, i.indisunique AS is_unique, i.indisvalid AS is_valid, c.reltuples AS rows,
    c.relpages AS pages, pg_relation_size(i.indexrelid) AS bytes, u.idx_scan AS scans
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
  LEFT JOIN pg_stat_user_indexes u ON u.indexrelid = i.indexrelid
  WHERE ${OF_APPLICATION}
  ORDER BY c.oid`;

const VIEWS = `
  SELECT n.nspname AS schema, c.relname AS name, pg_get_viewdef(c.oid) AS definition
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'v' AND ${OF_APPLICATION} AND ${notOfExtension('pg_class', 'c.oid')}
  ORDER BY c.oid`;

const KINDS: Readonly<Record<string, ProductionTable['kind']>> = {
  r: 'table',
  p: 'partitioned',
  m: 'materialized-view',
  f: 'foreign',
};

function typeOf({ schema, name, type, base, labels }: Row): ProductionType {
  const named = { schema: String(schema), name: String(name) };
  return type === 'd'
    ? { kind: 'domain', ...named, base: String(base) }
    : { kind: 'enum', ...named, labels: (labels ?? []) as string[] };
}

function tableOf(
  row: Row,
  columns: ReadonlyMap<string, readonly Row[]>,
  indexes: ReadonlyMap<string, readonly Row[]>,
): ProductionTable {
  const key = `${String(row['schema'])}.${String(row['name'])}`;
  return {
    schema: String(row['schema']),
    name: String(row['name']),
    kind: KINDS[String(row['kind'])] ?? 'table',
    rows: Number(row['rows']),
    pages: Number(row['pages']),
    allVisiblePages: Number(row['all_visible_pages']),
    bytes: Number(row['bytes']),
    ...(row['writes'] !== null && { writes: Number(row['writes']) }),
    columns: (columns.get(key) ?? []).map(columnOf),
    indexes: (indexes.get(key) ?? []).map(indexOf),
  };
}

function columnOf(row: Row): ProductionColumn {
  const statistics = statisticsOf(row);
  return {
    name: String(row['name']),
    type: String(row['type']),
    isNullable: row['is_nullable'] === true,
    ...(statistics && { statistics }),
  };
}

function statisticsOf(row: Row): ColumnStatistics | undefined {
  if (row['null_frac'] === null) return undefined;
  const values = row['most_common_vals'];
  const frequencies = row['most_common_freqs'];
  return {
    nullFraction: Number(row['null_frac']),
    averageWidth: Number(row['avg_width']),
    distinct: Number(row['n_distinct']),
    ...(typeof values === 'string' && {
      mostCommonValues: values,
      mostCommonFrequencies: frequencies as number[],
    }),
    ...(row['correlation'] !== null && { correlation: Number(row['correlation']) }),
  };
}

function indexOf(row: Row): ProductionIndex {
  return {
    name: String(row['name']),
    definition: String(row['definition']),
    isPrimary: row['is_primary'] === true,
    isUnique: row['is_unique'] === true,
    isValid: row['is_valid'] === true,
    rows: Number(row['rows']),
    pages: Number(row['pages']),
    bytes: Number(row['bytes']),
    ...(row['scans'] !== null && { scans: Number(row['scans']) }),
  };
}

function byTable(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return groupBy(rows, ({ schema, table }) => `${String(schema)}.${String(table)}`);
}
