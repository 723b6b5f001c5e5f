import { displayWidth } from './display-width.js';
import { fit } from './fit.js';
import { type Line, span } from './span.js';
import type { Style } from './style.js';

/** One column of a {@link table}. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /** Columns with the greatest number leave first where the table is too wide; 0 stays, and is cut if it must. */
  readonly priority: number;
  readonly style?: (row: Row) => Style | undefined;
}

/** A table that has chosen its columns and their widths. */
export interface Table<Row> {
  readonly head: Line;
  readonly line: (row: Row, style?: Style) => Line;
}

const GAP = 2;

/** Columns aligned over all rows, in at most `width` columns of the terminal. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): Table<Row> {
  const widths = new Map(columns.map((column) => [column, naturalWidth(column, rows)]));
  let kept = columns;
  const total = (): number => kept.reduce((sum, column) => sum + (widths.get(column) ?? 0) + GAP, -GAP);
  while (total() > width && kept.some(({ priority }) => priority > 0)) {
    const last = Math.max(...kept.map(({ priority }) => priority));
    kept = kept.filter(({ priority }) => priority < last);
  }
  const [first] = kept;
  if (first !== undefined && total() > width)
    widths.set(first, Math.max(1, (widths.get(first) ?? 0) - total() + width));
  const place = (column: Column<Row>, text: string): string =>
    padded(text, widths.get(column) ?? 0, column.align);
  const join = (cells: Line): Line =>
    cells.flatMap((cell, at) => (at === 0 ? [cell] : [span(' '.repeat(GAP)), cell]));
  return {
    head: join(kept.map((column) => span(place(column, column.title), 'faint'))),
    line: (row, style) =>
      join(kept.map((column) => span(place(column, column.cell(row)), column.style?.(row) ?? style))),
  };
}

function naturalWidth<Row>({ title, cell }: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((widest, row) => Math.max(widest, displayWidth(cell(row))), displayWidth(title));
}

function padded(text: string, width: number, align: 'right' | undefined): string {
  const cell = fit(text, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(cell)));
  return align === 'right' ? space + cell : cell + space;
}
