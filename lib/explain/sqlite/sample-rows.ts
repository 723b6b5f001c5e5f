import { quoted } from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';

/** Places of a table that are looked at. */
const PLACES = 600;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Values of some rows. They are counted and thrown away. */
export type SampledRows = readonly (readonly unknown[])[];

/** Rows from all over a table, each found by its rowid: what it costs does not depend on the table's size. */
export async function sampleRows(
  query: SendQuery,
  table: string,
  columns: readonly string[],
): Promise<SampledRows> {
  const from = quoted(table);
  const [ends] = await query(`SELECT min(rowid) AS low, max(rowid) AS high FROM ${from}`);
  const low = Number(ends?.['low'] ?? 0);
  const places = Math.min(PLACES, Number(ends?.['high'] ?? 0) - low + 1);
  const step = (Number(ends?.['high'] ?? 0) - low + 1) / places;
  if (!(places > 0) || ends?.['low'] === null) return [];
  // Not at even distances: values that come again every so many rows would all look alike.
  const wanted = Array.from({ length: places }, (_, n) => Math.floor(low + (n + ((n * GOLDEN) % 1)) * step));
  const list = columns.map((column, n) => `t.${quoted(column)} AS c${n}`).join(', ');
  const rows = await query(
    `WITH place (r) AS (VALUES ${wanted.map((place) => `(${place})`).join(', ')})
     SELECT ${list} FROM place JOIN ${from} t ON t.rowid = (SELECT min(rowid) FROM ${from} WHERE rowid >= place.r)`,
  );
  return rows.map((row) => columns.map((_, n) => row[`c${n}`]));
}
