import type { EntityMetadataShape } from './typeorm-shapes.js';

/** Rows of one load, times its joins, that are looked at. */
export const MAX_CARRIED = 10_000;

/** Rows of a statement that carry an entity of a joined relation, and how many different entities those are. */
export interface CarriedRows {
  readonly rows: number;
  readonly distinct: number;
}

/** Reads the raw rows of a load by the keys of a joined alias. Undefined where the rows do not have them as plain values. */
export function carriedRows(
  raw: readonly unknown[],
  alias: string,
  { columns }: EntityMetadataShape,
): CarriedRows | undefined {
  const [first] = raw;
  const names = columns
    .filter(({ isPrimary }) => isPrimary)
    .map(({ databaseName }) => `${alias}_${databaseName}`);
  if (!isRow(first) || names.length === 0 || !names.every((name) => name in first)) return undefined;
  const keys = new Set<unknown>();
  let rows = 0;
  for (const row of raw) {
    const key = keyOf(row as Record<string, unknown>, names);
    if (key === undefined) return undefined;
    if (key === null) continue;
    rows++;
    keys.add(key);
  }
  return { rows, distinct: keys.size };
}

/** `null` where the join found nothing; undefined where a value cannot be compared. */
function keyOf(
  row: Record<string, unknown>,
  names: readonly string[],
): string | number | bigint | null | undefined {
  let text = '';
  for (const name of names) {
    const value = row[name];
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
    if (names.length === 1) return value;
    text += `${value}\n`;
  }
  return text;
}

function isRow(row: unknown): row is object {
  return typeof row === 'object' && row !== null;
}
