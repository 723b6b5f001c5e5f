import { isCallableKeyword } from './keywords.js';
import type { Clause, Condition, Query } from './outline.js';
import { isName, type Token } from './token.js';

/** An open parenthesis, an open CASE, or (the bottom one) the statement itself. */
export interface Frame {
  readonly kind: 'query' | 'group' | 'call' | 'case';
  readonly query: Query;
  clause: Clause;
  condition: Condition | undefined;
  /** The last JOIN keeps rows for which its ON is false. */
  isOuterJoin: boolean;
}

/** A frame that has just been opened. */
export function frameOf(
  kind: Frame['kind'],
  query: Query,
  clause: Clause,
  condition: Condition | undefined,
): Frame {
  return { kind, query, clause, condition, isOuterJoin: false };
}

/** A parenthesis after it holds arguments (or a column list), no condition. */
export function isCallee(token: Token | undefined): boolean {
  return isName(token) || (token?.kind === 'keyword' && isCallableKeyword(token.text));
}

const CONDITION_STARTS: ReadonlySet<string> = new Set(['WHERE', 'ON', 'HAVING', 'AND', 'OR', '(']);

/** What may stand in front of a parenthesis that holds a condition and nothing else. */
export function opensCondition(before: Token | undefined): boolean {
  return before !== undefined && CONDITION_STARTS.has(before.text) && before.kind !== 'word';
}

const CONTINUATIONS: ReadonlySet<string> = new Set(['IS', 'IN', 'NOT', 'LIKE', 'ILIKE', 'BETWEEN']);

/** After an operand: it is the left side of something greater, such as `(a = 1) IS FALSE`. */
export function continuesOperand(token: Token | undefined): boolean {
  if (token === undefined) return false;
  return token.kind === 'operator' || (token.kind === 'keyword' && CONTINUATIONS.has(token.text));
}
