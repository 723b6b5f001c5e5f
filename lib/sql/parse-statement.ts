import { classify } from './classify.js';
import { fingerprint } from './fingerprint.js';
import { findPredicates } from './find-predicates.js';
import { normalise } from './normalise.js';
import { readOutline } from './read-outline.js';
import { readSelectList } from './read-select-list.js';
import { readValues } from './read-values.js';
import { guessDialect, type SqlDialect } from './sql-dialect.js';
import type { Statement } from './statement.js';
import { summarise } from './summarise.js';
import { findTableSites } from './table-site.js';
import { tokenize } from './tokenize.js';

/**
 * Reads the facts of one statement. Never throws, whatever the text; the work grows linearly with its length. Costs some
 * microseconds: meant to run off the request path, once per text.
 *
 * @param sql the text as it is sent
 * @param dialect what the driver speaks; guessed from the quotes where it is not known
 */
export function parseStatement(sql: string, dialect: SqlDialect = guessDialect(sql)): Statement {
  const tokens = tokenize(sql, dialect);
  const outline = readOutline(tokens);
  const sites = findTableSites(outline);
  const tables = sites.filter((site) => !site.isCommonTable).map((site) => site.reference);
  const classification = classify(outline, tables);
  const text = normalise(tokens);
  const { predicates, columnPairs } = findPredicates(outline);
  const { values, limit, offset } = readValues(outline);
  const { isCount, isExists, isAggregate, isDistinctIds } = readSelectList(outline);
  // Listed one by one: spreading the parts into one object costs more than finding them.
  return {
    fingerprint: fingerprint(text),
    text,
    kind: classification.kind,
    operation: classification.operation,
    summary: summarise(sql, outline, sites, classification),
    tables,
    predicates,
    columnPairs,
    values,
    limit,
    offset,
    isCount,
    isExists,
    isAggregate,
    isLocking: outline.isLocking,
    isDistinctIds,
    valuesRows: outline.valuesRows,
  };
}
