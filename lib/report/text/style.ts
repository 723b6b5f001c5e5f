/** How a piece of text looks, by meaning. */
export type Style = 'strong' | 'faint' | 'error' | 'warning' | 'info' | 'good' | 'code' | 'keyword';

/** ANSI "select graphic rendition" codes, on; every one is ended by a reset. */
const CODES: Readonly<Record<Style, string>> = {
  strong: '1',
  faint: '2',
  error: '1;31',
  warning: '1;33',
  info: '1;34',
  good: '32',
  code: '36',
  keyword: '34',
};

/** The text in its style, for a terminal with colours. */
export function paint(text: string, style: Style | undefined): string {
  return style === undefined || text.trim() === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`;
}
