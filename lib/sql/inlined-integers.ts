import { characterClass, Character, isDigit, isWordPart } from './character.js';
import { Code } from './character-code.js';

/** A statement's text without the integers that stand in it as values. */
export interface InlinedIntegers {
  /** Equal for texts that differ in nothing but these integers. */
  readonly shape: string;
  /** The integers, in order of appearance. */
  readonly integers: readonly number[];
  /** The same text with other integers, one for each. */
  readonly with: (integers: readonly number[]) => string;
}

/** Longer texts are rare, and read as they are. */
const MAX_LENGTH = 4_096;
const MAX_INTEGERS = 32;
/** A double holds every integer of so many digits. */
const MAX_DIGITS = 15;
/** Stands where an integer was; no statement holds it. */
const HOLE = '\u0000';

/** Escapes something in a string, or looks like a hole. */
const CONFUSING = /[\\\u0000]/;

/**
 * Finds the integers that stand in a statement: TypeORM writes numbers into those of SQLite and MySQL, and each text would
 * have to be read anew. Unsure is undefined: texts with comments, escapes, arrays, other forms of numbers, placeholders that have
 * a name or a number, and those without an integer. What is no plain integer (`1.5`, `-1`, `0x1F`) is left in the shape.
 */
export function inlinedIntegers(sql: string): InlinedIntegers | undefined {
  const { length } = sql;
  if (length > MAX_LENGTH || CONFUSING.test(sql)) return undefined;
  const pieces: string[] = [];
  const integers: number[] = [];
  let from = 0;
  for (let at = 0; at < length; at++) {
    const code = sql.charCodeAt(at);
    switch (characterClass(code)) {
      case Character.Letter:
        while (isWordPart(sql.charCodeAt(at + 1))) at++;
        break;
      case Character.Quote: {
        const close = sql.indexOf(sql.charAt(at), at + 1);
        if (close === -1) return undefined;
        at = close;
        break;
      }
      case Character.Digit: {
        let end = at + 1;
        while (isDigit(sql.charCodeAt(end))) end++;
        if (end - at > MAX_DIGITS || integers.length === MAX_INTEGERS || isWordPart(sql.charCodeAt(end)))
          return undefined;
        if (isAlone(sql, at, end)) {
          pieces.push(sql.slice(from, at));
          integers.push(Number(sql.slice(at, end)));
          from = end;
        }
        at = end - 1;
        break;
      }
      case Character.Space:
        break;
      default:
        if (isUnsure(code, sql.charCodeAt(at + 1))) return undefined;
    }
  }
  if (integers.length === 0) return undefined;
  pieces.push(sql.slice(from));
  return {
    shape: pieces.join(HOLE),
    integers,
    with: (others) => pieces.reduce((text, piece, index) => `${text}${String(others[index - 1])}${piece}`),
  };
}

/** Not a part of a fraction, a signed number or a placeholder. */
function isAlone(sql: string, start: number, end: number): boolean {
  const before = sql.charCodeAt(start - 1);
  const after = sql.charCodeAt(end);
  return (
    before !== Code.Dot &&
    before !== Code.Minus &&
    before !== Code.Plus &&
    before !== Code.Question &&
    after !== Code.Dot
  );
}

/** Begins a comment, an escape, a bracketed name or an array, a placeholder, or something that nobody expects. */
function isUnsure(code: number, next: number): boolean {
  switch (code) {
    case Code.Minus:
      return next === Code.Minus;
    case Code.Slash:
      return next === Code.Asterisk;
    case Code.Dollar:
    case Code.Colon:
    case Code.At:
    case Code.Hash:
    case Code.Ampersand:
    case Code.OpenBracket:
      return true;
    default:
      return characterClass(code) === Character.Other;
  }
}
