import { isDigit, isWordPart } from './character.js';

const DOT = 46;
const PLUS = 43;
const MINUS = 45;

/** The end of a number that begins at `at` (a digit, or a dot in front of a digit): `12`, `1.5e-3`, `0xFF`, `1_000`. */
export function endOfNumber(sql: string, at: number): number {
  if (sql.charCodeAt(at) === 48 && isRadix(sql.charCodeAt(at + 1))) return endOfWordPart(sql, at + 2);
  let end = endOfDigits(sql, at);
  if (sql.charCodeAt(end) === DOT) end = endOfDigits(sql, end + 1);
  return endOfExponent(sql, end);
}

function endOfDigits(sql: string, at: number): number {
  let end = at;
  // An underscore groups digits in PostgreSQL 16; it never ends a number.
  while (isDigit(sql.charCodeAt(end)) || (sql.charCodeAt(end) === 95 && isDigit(sql.charCodeAt(end + 1))))
    end++;
  return end;
}

function endOfExponent(sql: string, at: number): number {
  const code = sql.charCodeAt(at);
  if (code !== 101 && code !== 69) return at;
  const sign = sql.charCodeAt(at + 1);
  const digits = sign === PLUS || sign === MINUS ? at + 2 : at + 1;
  return isDigit(sql.charCodeAt(digits)) ? endOfDigits(sql, digits) : at;
}

/** x, o, b in either case, after a leading zero. */
function isRadix(code: number): boolean {
  const lower = code | 32;
  return lower === 120 || lower === 111 || lower === 98;
}

function endOfWordPart(sql: string, at: number): number {
  let end = at;
  while (isWordPart(sql.charCodeAt(end))) end++;
  return end;
}
