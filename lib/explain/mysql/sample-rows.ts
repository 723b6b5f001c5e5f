import { quoted, quotedTable } from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import type { TableFacts } from '../../investigation/table-facts.js';

/** Places of a table that are looked at, and rows at each. */
const PLACES = 100;
const ROWS_AT_PLACE = 5;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const INTEGER = /^(?:tiny|small|medium|big)?int/u;

/** Values of some rows. They are looked at, and thrown away. */
export type SampledRows = readonly (readonly unknown[])[];

/** A bounded number of rows, from all over the table where its key is a number, else those that come first by the key. */
export async function sampleRows(
  query: SendQuery,
  facts: TableFacts,
  columns: readonly string[],
): Promise<SampledRows> {
  const list = columns.map((column, n) => `${quoted(column, '`')} AS c${n}`).join(', ');
  const select = `SELECT ${list} FROM ${quotedTable(facts.table, '`')}`;
  const key = numericKey(facts);
  const rows =
    key === undefined
      ? await query(`${select} LIMIT ${PLACES * ROWS_AT_PLACE}`)
      : await query(await spread(query, facts, select, key));
  return rows.map((row) => columns.map((_, n) => row[`c${n}`]));
}

function numericKey({ indexes, columns }: TableFacts): string | undefined {
  const key = indexes.find(({ isPrimary }) => isPrimary)?.columns;
  const [column] = key ?? [];
  const type = columns.find(({ name }) => name === column)?.type ?? '';
  return key?.length === 1 && typeof column === 'string' && INTEGER.test(type) ? column : undefined;
}

/** A few rows behind each of many places, found by the key. */
async function spread(query: SendQuery, { table }: TableFacts, select: string, key: string): Promise<string> {
  const column = quoted(key, '`');
  const [ends] = await query(
    `SELECT MIN(${column}) AS low, MAX(${column}) AS high FROM ${quotedTable(table, '`')}`,
  );
  const low = Number(ends?.['low'] ?? 0);
  const step = (Number(ends?.['high'] ?? 0) - low + 1) / PLACES;
  // Not at even distances: values that come again every so many rows would all look alike.
  const places = Array.from({ length: PLACES }, (_, n) => Math.floor(low + (n + ((n * GOLDEN) % 1)) * step));
  return [...new Set(places)]
    .map((place) => `(${select} WHERE ${column} >= ${place} ORDER BY ${column} LIMIT ${ROWS_AT_PLACE})`)
    .join(' UNION ALL ');
}
