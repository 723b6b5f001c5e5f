import { parseStatement } from '../sql/parse-statement.js';
import type { SqlDialect } from '../sql/sql-dialect.js';
import { countText } from '../statistics/count-text.js';
import type { DatabaseKind, PlanWarning } from './query-plan.js';

const FAR = 1_000;

const SEARCHED_BY: Readonly<Record<DatabaseKind, string>> = {
  postgres: 'a trigram index (pg_trgm) or full-text search can',
  mysql: 'a FULLTEXT index can, by whole words or with the ngram parser',
  mariadb: 'a FULLTEXT index can, by whole words',
  sqlite: 'full-text search (FTS5) can',
};

const DIALECTS: Readonly<Record<DatabaseKind, SqlDialect>> = {
  postgres: 'standard',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'standard',
};

/** What the text of a statement says that no plan shows. Its literals are looked at and never shown. */
export function textWarnings(sql: string, database: DatabaseKind): readonly PlanWarning[] {
  const { predicates, offset } = parseStatement(sql, DIALECTS[database]);
  const warnings: PlanWarning[] = [];
  for (const { column, operator, values } of predicates) {
    const [value] = values;
    if (operator === 'like' && value?.kind === 'literal' && /^[%_]/u.test(String(value.value)))
      warnings.push({
        kind: 'leading-wildcard',
        text: `A pattern on ${column} begins with a wildcard: an ordinary index cannot serve it, ${SEARCHED_BY[database]}.`,
      });
  }
  if (offset?.kind === 'literal' && Number(offset.value) >= FAR)
    warnings.push({
      kind: 'walking-offset',
      text: `OFFSET reads ${countText(Number(offset.value))} rows to leave them out: go on from the last row seen (keyset) instead.`,
    });
  return warnings;
}
