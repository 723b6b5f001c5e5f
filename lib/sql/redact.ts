import { guessDialect, type SqlDialect } from './sql-dialect.js';
import { isLiteral } from './token.js';
import { tokenize } from './tokenize.js';

/**
 * The statement with every literal (string, number, boolean, NULL as a value) masked as `?`. Placeholders and names stay,
 * comments go, white space becomes one space. For every text that leaves the process and is not parameterised.
 */
export function redact(sql: string, dialect: SqlDialect = guessDialect(sql)): string {
  const pieces: string[] = [];
  let end = 0;
  let isMinus = false;
  for (const token of tokenize(sql, dialect)) {
    // MySQL's `a--b` is no comment, but would be one where the comment behind it becomes a space.
    const isDoubleMinus = isMinus && sql.charAt(token.start) === '-';
    if (end > 0 && (token.start > end || isDoubleMinus)) pieces.push(' ');
    pieces.push(isLiteral(token) ? '?' : sql.slice(token.start, token.end));
    isMinus = token.text === '-';
    end = token.end;
  }
  return pieces.join('');
}
