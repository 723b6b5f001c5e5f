import { printable, withoutControls } from '../printable.js';

/** What begins markup inside a line; an underscore inside a word does not. */
const SPECIAL = /[\\`*[\]<>|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

/** Text of others as text: no markup, link or HTML comes of it; one line, and never the first of a line. */
export function plain(text: string): string {
  return printable(text).replace(SPECIAL, '\\$&');
}

/** Text of others as code in a line. In a table, where `|` ends a cell even in code, it is written as an escape. */
export function inlineCode(text: string): string {
  const line = printable(text).trim();
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = /^`|`$/u.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A fenced block that its content cannot close. */
export function codeBlock(language: 'ts' | 'sql' | 'text', code: string): readonly string[] {
  const lines = code.split(/\r?\n/u).map((line) => withoutControls(line.replace(/\t/gu, '  ')));
  const fence = '`'.repeat(Math.max(3, longestRun(code) + 1));
  return [`${fence}${language}`, ...lines, fence];
}

/** A table of cells that are Markdown already. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean,
): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(titles), line(titles.map((_, at) => (isRight(at) ? '---:' : '---'))), ...rows.map(line)];
}

function cell(text: string): string {
  return text.replace(/\\?\|/gu, '\\|');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/gu) ?? []).map(({ length }) => length));
}
