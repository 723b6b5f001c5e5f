import type { Row } from '../../record/query-record.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';

/** Rows of one statement that may be kept. */
const MAX_ROWS = 100;
const MAX_COLUMNS = 100;
/** Longer strings are no keys that a later statement would ask for. */
const MAX_STRING = 256;
/** What a value takes, in characters, whatever it is. */
const BASE_WEIGHT = 8;

/**
 * The first rows, for provenance. A row of small values is kept as it is; of one with documents, images or long texts the
 * small values are copied, so that nothing large stays in memory for as long as the unit of work runs.
 */
export function rowSample(rows: unknown, recorder: UnitRecorder): readonly Row[] | undefined {
  if (!Array.isArray(rows) || rows.length === 0 || typeof rows[0] !== 'object') return undefined;
  const granted = recorder.takeRows(Math.min(rows.length, MAX_ROWS));
  const sample: Row[] = [];
  for (let index = 0; index < granted; index++) {
    const row: unknown = rows[index];
    if (typeof row !== 'object' || row === null) continue;
    const small = smallRow(row as Row);
    if (!recorder.takeCharacters(small.weight)) break;
    sample.push(small.row);
  }
  return sample.length === 0 ? undefined : sample;
}

function smallRow(row: Row): { readonly row: Row; readonly weight: number } {
  const names = Object.keys(row);
  let weight = 0;
  for (const name of names) {
    const value = row[name];
    if (names.length > MAX_COLUMNS || !isSmall(value)) return copyOf(row, names);
    weight += weightOf(value);
  }
  return { row, weight };
}

function copyOf(row: Row, names: readonly string[]): { readonly row: Row; readonly weight: number } {
  const copy: Record<string, unknown> = {};
  let weight = 0;
  for (const name of names.slice(0, MAX_COLUMNS)) {
    const value = row[name];
    if (!isSmall(value)) continue;
    copy[name] = value;
    weight += weightOf(value);
  }
  return { row: copy, weight };
}

function isSmall(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_STRING;
  return typeof value !== 'object' || value === null || value instanceof Date;
}

function weightOf(value: unknown): number {
  return BASE_WEIGHT + (typeof value === 'string' ? value.length : 0);
}
