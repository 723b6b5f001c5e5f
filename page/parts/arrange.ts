interface Sortable<Row> {
  readonly name: string;
  readonly value?: (row: Row) => number | string;
}

/** Rows in which every word of `text` occurs, in any case. */
export function found<Row>(rows: readonly Row[], text: string, textOf: (row: Row) => string): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const all = textOf(row).toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** By the column that `sort` names, `-` in front for the greatest first; the rows' own order for any other name. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Sortable<Row>[],
  sort: string,
): readonly Row[] {
  const value = columns.find(({ name }) => name === sort.replace(/^-/u, ''))?.value;
  if (value === undefined) return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(value(a), value(b)));
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
}
