import type { SqlDialect } from '../sql/sql-dialect.js';
import { tokenize } from '../sql/tokenize.js';

/** How many parameters a statement has: the greatest `$n` of PostgreSQL, or the number of `?`. */
export function parameterCount(text: string, dialect: SqlDialect = 'standard'): number {
  return tokenize(text, dialect).reduce(
    (most, { kind, index }) => (kind === 'placeholder' ? Math.max(most, index + 1) : most),
    0,
  );
}
