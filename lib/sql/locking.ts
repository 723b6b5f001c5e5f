import { isSymbol, isWord, type Token } from './token.js';

/** FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, FOR KEY SHARE; `i` is the index of FOR. */
export function isLockClause(tokens: readonly Token[], i: number): boolean {
  const next = tokens[i + 1];
  return isSymbol(next, 'UPDATE') || ['SHARE', 'NO', 'KEY'].some((word) => isWord(next, word));
}

/** MySQL: LOCK IN SHARE MODE; `i` is the index of LOCK. */
export function isShareMode(tokens: readonly Token[], i: number): boolean {
  return isWord(tokens[i], 'LOCK') && isSymbol(tokens[i + 1], 'IN') && isWord(tokens[i + 2], 'SHARE');
}

const HINTS: ReadonlySet<string> = new Set(['UPDLOCK', 'XLOCK', 'HOLDLOCK', 'TABLOCKX']);

/** SQL Server: `FROM t WITH (UPDLOCK, ROWLOCK)`; `i` is the index of WITH. */
export function isLockHint(tokens: readonly Token[], i: number): boolean {
  const hint = tokens[i + 2];
  return isSymbol(tokens[i + 1], '(') && hint !== undefined && HINTS.has(hint.text.toUpperCase());
}
