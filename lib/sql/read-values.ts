import { valueOf } from './literal-value.js';
import type { Outline } from './outline.js';
import type { ValueReference } from './statement.js';
import { isSymbol, isValue, type Token } from './token.js';

/** The values of a statement; those of the outermost LIMIT and OFFSET apart. */
export interface FoundValues {
  readonly values: readonly ValueReference[];
  readonly limit?: ValueReference;
  readonly offset?: ValueReference;
}

/** Every literal and placeholder in order of appearance. LIMIT and OFFSET of subqueries are left out. */
export function readValues(outline: Outline): FoundValues {
  const { tokens, clauses, queries } = outline;
  const values: ValueReference[] = [];
  const page: { limit?: ValueReference; offset?: ValueReference } = { limit: undefined, offset: undefined };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (!isValue(token)) continue;
    const edge = isTop(tokens, i) ? 'limit' : clauses[i];
    if (edge !== 'limit' && edge !== 'offset') values.push(valueOf(token));
    else if (queries[i]?.depth === 0) {
      // MySQL and SQLite: LIMIT offset, limit.
      if (edge === 'limit' && isSymbol(tokens[i - 1], ',')) page.offset = page.limit;
      page[edge] = valueOf(token);
    }
  }
  return { values, limit: page.limit, offset: page.offset };
}

/** SQL Server: SELECT TOP 10, SELECT TOP (10). */
function isTop(tokens: readonly Token[], i: number): boolean {
  const before = tokens[isSymbol(tokens[i - 1], '(') ? i - 2 : i - 1];
  return before?.kind === 'word' && before.text.length === 3 && before.text.toUpperCase() === 'TOP';
}
