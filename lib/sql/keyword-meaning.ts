import { isSymbol, isValue, isWord, type Token } from './token.js';

/** A SELECT, WITH, VALUES, INSERT, UPDATE or DELETE begins at `at`, behind a parenthesis. */
export function beginsQuery(tokens: readonly Token[], at: number): boolean {
  const first = tokens[at];
  if (first?.kind !== 'keyword') return false;
  switch (first.text) {
    case 'SELECT':
    case 'WITH':
    case 'UPDATE':
    case 'DELETE':
      return true;
    case 'INSERT':
      return !isSymbol(tokens[at + 1], '(');
    case 'VALUES':
      return isSymbol(tokens[at + 1], '(');
    default:
      return false;
  }
}

/** FROM at `i` belongs to `a IS [NOT] DISTINCT FROM b`. */
export function isDistinctFrom(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 2];
  return isSymbol(tokens[i - 1], 'DISTINCT') && (isSymbol(before, 'IS') || isSymbol(before, 'NOT'));
}

/** JOIN at `i` keeps rows for which its ON is false. */
export function isOuterJoin(tokens: readonly Token[], i: number): boolean {
  return ['LEFT', 'RIGHT', 'FULL', 'OUTER'].some((word) => isSymbol(tokens[i - 1], word));
}

/** What follows LIMIT, OFFSET or FETCH when they are no names. */
export function isAmount(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (isValue(token) || isSymbol(token, '(') || isSymbol(token, 'ALL')) return true;
  return isWord(token, 'NEXT') || isWord(token, 'FIRST');
}
