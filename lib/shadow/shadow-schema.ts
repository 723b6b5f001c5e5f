import { quoted, quotedTable } from '../investigation/index-definition.js';
import type { ProductionStatistics, ProductionTable, ProductionType } from './production-statistics.js';

/** One statement that rebuilds a part of production's schema, and the part's name for people. */
export interface ShadowStep {
  readonly subject: string;
  /** `schema.table` that cannot be judged without this step. */
  readonly table?: string;
  readonly sql: string;
}

/**
 * Rows of a shadow table. The planner takes the number of rows for each page from the statistics and the number of pages
 * from the file, so a table needs a page; the rows hold nothing but nulls.
 */
const ROWS = 10;

/**
 * The statements that make a database that plans like production: tables without constraints, which keep no nulls out,
 * and every valid index. A primary key is a unique index here: for the planner it is the same.
 */
export function shadowSchema({
  types,
  tables,
  views,
  searchPath,
}: ProductionStatistics): readonly ShadowStep[] {
  const schemas = new Set([...types, ...tables, ...views].map(({ schema }) => schema));
  return [
    ...[...schemas].map((schema) => ({
      subject: `schema ${schema}`,
      sql: `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)}`,
    })),
    { subject: 'search_path', sql: `SET search_path TO ${searchPath}` },
    ...types.map(typeStep),
    ...tables.filter(isPlain).flatMap(tableSteps),
    ...views.map(({ schema, name, definition }) => ({
      subject: `view ${schema}.${name}`,
      sql: `CREATE VIEW ${quotedTable({ schema, name })} AS ${definition}`,
    })),
  ];
}

/** A partitioned table plans as the sum of its partitions, a foreign one as another server says: neither is rebuilt. */
export function isPlain({ kind }: ProductionTable): boolean {
  return kind === 'table' || kind === 'materialized-view';
}

function typeStep(type: ProductionType): ShadowStep {
  const name = quotedTable(type);
  const sql =
    type.kind === 'domain'
      ? `CREATE DOMAIN ${name} AS ${type.base}`
      : `CREATE TYPE ${name} AS ENUM (${type.labels.map(literal).join(', ')})`;
  return { subject: `type ${type.schema}.${type.name}`, sql };
}

function tableSteps({ schema, name, columns, indexes }: ProductionTable): readonly ShadowStep[] {
  const table = `${schema}.${name}`;
  const target = quotedTable({ schema, name });
  const list = columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ');
  const nulls = columns.length === 0 ? '' : `(${quoted(columns[0]?.name ?? '')}) SELECT NULL`;
  return [
    { subject: `table ${table}`, table, sql: `CREATE TABLE ${target} (${list})` },
    {
      subject: `rows of ${table}`,
      table,
      sql: `INSERT INTO ${target} ${nulls} FROM generate_series(1, ${String(ROWS)})`,
    },
    ...indexes
      .filter(({ isValid }) => isValid)
      .map(({ name: index, definition }) => ({
        subject: `index ${schema}.${index}`,
        table,
        sql: definition,
      })),
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
