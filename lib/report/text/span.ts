import { withoutControls } from '../printable.js';
import { displayWidth } from './display-width.js';
import type { Style } from './style.js';

/** A piece of one line. Made by {@link span} only, so that no control character can be in it. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

/** One line of output. */
export type Line = readonly Span[];

/** A piece of text, safe for a terminal. */
export function span(text: string, style?: Style): Span {
  return style === undefined ? { text: withoutControls(text) } : { text: withoutControls(text), style };
}

/** Columns that a line takes. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}
