import { nameOf } from './name-of.js';
import type { ColumnReference, ValueReference } from './statement.js';
import { isName, isSymbol, isValue, isWord, type Token } from './token.js';
import { valueOf } from './literal-value.js';

/** One side of a comparison, and the index of the token after it. */
export type Operand =
  | { readonly kind: 'column'; readonly column: ColumnReference; readonly end: number }
  | { readonly kind: 'value'; readonly value: ValueReference; readonly end: number };

/** The bare column (`a`, `t.a`, `s.t.a`) or the value that begins at `at`; undefined for every other expression. */
export function readOperand(tokens: readonly Token[], at: number): Operand | undefined {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (isValue(token)) return { kind: 'value', value: valueOf(token), end: skipCast(tokens, at + 1) };
  if (!isName(token)) return undefined;
  let last = at;
  while (isSymbol(tokens[last + 1], '.') && isName(tokens[last + 2])) last += 2;
  const next = tokens[last + 1];
  if (isSymbol(next, '(') || isSymbol(next, '[') || isSymbol(next, '.')) return undefined;
  const column = nameOf(tokens[last] as Token);
  if (last === at) return { kind: 'column', column: { column }, end: last + 1 };
  return { kind: 'column', column: { qualifier: nameOf(tokens[last - 2] as Token), column }, end: last + 1 };
}

/** The values between the parenthesis or bracket at `open` and its end; undefined when anything else stands there. */
export function readValueList(
  tokens: readonly Token[],
  open: number,
): { values: readonly ValueReference[]; end: number } | undefined {
  const values: ValueReference[] = [];
  let at = open + 1;
  for (;;) {
    const token = tokens[at];
    if (token === undefined || !isValue(token)) return undefined;
    values.push(valueOf(token));
    at = skipCast(tokens, at + 1);
    if (isSymbol(tokens[at], ')') || isSymbol(tokens[at], ']')) return { values, end: at + 1 };
    if (!isSymbol(tokens[at], ',')) return undefined;
    at++;
  }
}

/** `::uuid`, `::varchar(20)`, `::int[]`, `::timestamp with time zone` */
export function skipCast(tokens: readonly Token[], at: number): number {
  let end = at;
  while (isSymbol(tokens[end], '::')) {
    end += 2;
    if (isSymbol(tokens[end], '(') && isSymbol(tokens[end + 2], ')')) end += 3;
    if (isSymbol(tokens[end], 'WITH') && isWord(tokens[end + 1], 'TIME')) end += 3;
    while (isSymbol(tokens[end], '[') && isSymbol(tokens[end + 1], ']')) end += 2;
  }
  return end;
}
