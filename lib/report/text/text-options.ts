/** A part of the text report. */
export type TextSection =
  'findings' | 'loading-strategies' | 'slow-queries' | 'caches' | 'pools' | 'transactions' | 'self';

/** How {@link renderText} writes. */
export interface TextOptions {
  /** Width of the terminal; at least 40 is used. @defaultValue 100 */
  readonly columns?: number;
  /** ANSI colours. Whether NO_COLOR is set or the output is a terminal is for the caller to know. @defaultValue false */
  readonly color?: boolean;
  /** @defaultValue all */
  readonly sections?: readonly TextSection[];
}
