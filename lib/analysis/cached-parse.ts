import { parseStatement } from '../sql/parse-statement.js';
import type { SqlDialect } from '../sql/sql-dialect.js';
import { keptStatement, type KeptStatement } from './kept-statement.js';

/** Reads one statement. */
export type Parse = (sql: string, dialect: SqlDialect) => KeptStatement;

/** Characters of remembered texts, all together; what is parsed takes some times as much. */
const MAX_CHARACTERS = 500_000;

/**
 * Parses each text once while it stays in use. Parameterised statements come again and again; texts with literals in
 * them do not, so the cache is dropped as a whole when it is full.
 *
 * @param maxStatements - texts to remember
 */
export function cachedParse(maxStatements = 1_000): Parse {
  const known: Readonly<Record<SqlDialect, Map<string, KeptStatement>>> = {
    standard: new Map(),
    mysql: new Map(),
  };
  let characters = 0;
  return (sql, dialect) => {
    const found = known[dialect].get(sql);
    if (found !== undefined) return found;
    characters += sql.length;
    if (known[dialect].size >= maxStatements || characters > MAX_CHARACTERS) {
      known.standard.clear();
      known.mysql.clear();
      characters = sql.length;
    }
    const statement = keptStatement(parseStatement(sql, dialect));
    known[dialect].set(sql, statement);
    return statement;
  };
}
