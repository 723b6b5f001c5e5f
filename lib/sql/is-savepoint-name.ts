import { isName, isWord, type Token } from './token.js';

/**
 * True for the name in SAVEPOINT x, RELEASE [SAVEPOINT] x, ROLLBACK TO [SAVEPOINT] x, SAVE TRANSACTION x: numbered by
 * TypeORM, so no part of what the statement is.
 */
export function isSavepointName(tokens: readonly Token[], i: number): boolean {
  if (i === 0 || i > 4 || !isName(tokens[i])) return false;
  const before = tokens[i - 1];
  if (isWord(before, 'SAVEPOINT')) return true;
  if (isWord(tokens[i], 'SAVEPOINT')) return false;
  if (i === 1) return isWord(before, 'RELEASE');
  if (isWord(tokens[0], 'ROLLBACK')) return isWord(before, 'TO');
  return i === 2 && isWord(tokens[0], 'SAVE');
}
