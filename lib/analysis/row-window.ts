/** Rows of one parent that a lookup skipped, and how many it asked for at most. */
export interface RowWindow {
  readonly skip: number;
  readonly take: number;
}
