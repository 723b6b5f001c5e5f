import type { ColumnStatistics, ProductionTable } from './production-statistics.js';

/** A statement with its parameters. */
export interface RestoreStatement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const RELATION = `SELECT pg_restore_relation_stats('schemaname', $1::text, 'relname', $2::text,
  'relpages', $3::integer, 'reltuples', $4::real, 'relallvisible', $5::integer)`;

const ATTRIBUTE = `SELECT pg_restore_attribute_stats('schemaname', $1::text, 'relname', $2::text, 'attname', $3::text,
  'inherited', false, 'null_frac', $4::real, 'avg_width', $5::integer, 'n_distinct', $6::real%s)`;

/** How large a table or an index is. */
export interface RelationSize {
  readonly rows: number;
  readonly pages: number;
  /** @defaultValue 0 */
  readonly allVisiblePages?: number;
}

/** Tells the planner how large a table or an index is. */
export function restoreRelation(
  schema: string,
  name: string,
  { rows, pages, allVisiblePages = 0 }: RelationSize,
): RestoreStatement {
  return { sql: RELATION, parameters: [schema, name, pages, Math.max(0, rows), allVisiblePages] };
}

/** Gives the columns of a table what production's planner knows of them; histograms are never exported. */
export function restoreColumns({ schema, name, columns }: ProductionTable): readonly RestoreStatement[] {
  return columns.flatMap(({ name: column, statistics }) =>
    statistics === undefined ? [] : [restoreColumn([schema, name, column], statistics)],
  );
}

function restoreColumn(names: readonly string[], statistics: ColumnStatistics): RestoreStatement {
  const { nullFraction, averageWidth, distinct, correlation } = statistics;
  const parameters: unknown[] = [...names, nullFraction, averageWidth, distinct];
  let more = '';
  const add = (name: string, type: string, value: unknown): void => {
    parameters.push(value);
    more += `, '${name}', $${String(parameters.length)}::${type}`;
  };
  const { mostCommonValues, mostCommonFrequencies } = statistics;
  if (mostCommonValues !== undefined && mostCommonFrequencies !== undefined) {
    add('most_common_vals', 'text', mostCommonValues);
    add('most_common_freqs', 'real[]', `{${mostCommonFrequencies.join()}}`);
  }
  if (correlation !== undefined) add('correlation', 'real', correlation);
  return { sql: ATTRIBUTE.replace('%s', more), parameters };
}
