import { characterClass, Character, isWordPart } from './character.js';

const BACKSLASH = 92;
const DOLLAR = 36;

/**
 * The end of a string or quoted identifier whose opening mark stands at `open`. A doubled closing mark is part of the
 * content. A text that ends before its closing mark does (statements are cut) ends the token too.
 */
export function endOfQuoted(sql: string, open: number, close: string, hasEscapes: boolean): number {
  if (hasEscapes) return endOfEscaped(sql, open, close.charCodeAt(0));
  let at = sql.indexOf(close, open + 1);
  while (at !== -1 && sql.startsWith(close, at + 1)) at = sql.indexOf(close, at + 2);
  return at === -1 ? sql.length : at + 1;
}

function endOfEscaped(sql: string, open: number, close: number): number {
  for (let at = open + 1; at < sql.length; at++) {
    const code = sql.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === close) {
      if (sql.charCodeAt(at + 1) !== close) return at + 1;
      at++;
    }
  }
  return sql.length;
}

/** The end of `$tag$ ... $tag$`, or undefined when no dollar quote begins at `open`. */
export function endOfDollarQuoted(sql: string, open: number): number | undefined {
  let at = open + 1;
  if (characterClass(sql.charCodeAt(at)) === Character.Letter) {
    while (isWordPart(sql.charCodeAt(at)) && sql.charCodeAt(at) !== DOLLAR) at++;
  }
  if (sql.charCodeAt(at) !== DOLLAR) return undefined;
  const tag = sql.slice(open, at + 1);
  const close = sql.indexOf(tag, at + 1);
  return close === -1 ? sql.length : close + tag.length;
}

/** The start of the next line. */
export function endOfLine(sql: string, at: number): number {
  const end = sql.indexOf('\n', at);
  return end === -1 ? sql.length : end + 1;
}

/** The end of the block comment that begins at `open`; comments nest except in MySQL. */
export function endOfComment(sql: string, open: number, isNesting: boolean): number {
  let depth = 1;
  for (let at = open + 2; at < sql.length - 1; at++) {
    const code = sql.charCodeAt(at);
    const next = sql.charCodeAt(at + 1);
    if (code === 42 && next === 47) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    } else if (isNesting && code === 47 && next === 42) {
      depth++;
      at++;
    }
  }
  return sql.length;
}
