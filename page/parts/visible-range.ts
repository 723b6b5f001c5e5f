export interface Viewport {
  /** Rows of the whole list, and the height of each. */
  readonly count: number;
  readonly rowHeight: number;
  /** How far the list's first row is above the upper edge of the window; negative when it is below. */
  readonly scrolled: number;
  readonly height: number;
}

export interface Range {
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** Rows above and below the window that are there already, so that scrolling and `j` find something. */
const SPARE = 12;

/** The rows of a long list that are worth drawing. */
export function visibleRange({ count, rowHeight, scrolled, height }: Viewport): Range {
  const first = Math.floor(scrolled / rowHeight) - SPARE;
  const from = Math.min(Math.max(0, first), Math.max(0, count - 1));
  const to = Math.min(count, Math.max(from, Math.ceil((scrolled + height) / rowHeight) + SPARE));
  return { from, to };
}
