/**
 * What differs in how text is cut into tokens. `mysql` (MySQL, MariaDB, Aurora MySQL): backslash escapes in strings,
 * `"..."` is a string, `#` starts a comment, comments do not nest. `standard`: everything else.
 */
export type SqlDialect = 'standard' | 'mysql';

/** TypeORM's driver type to the dialect it speaks. */
export function dialectOf(driver: string): SqlDialect {
  return driver === 'mysql' || driver === 'mariadb' || driver === 'aurora-mysql' ? 'mysql' : 'standard';
}

/** For a text whose driver is not known: MySQL is taken for granted where the first identifier is quoted by backticks. */
export function guessDialect(sql: string): SqlDialect {
  const backtick = sql.indexOf('`');
  if (backtick === -1) return 'standard';
  const quote = sql.indexOf('"');
  return quote === -1 || backtick < quote ? 'mysql' : 'standard';
}
