import { readOperand } from '../sql/column-operand.js';
import { nameOf } from '../sql/name-of.js';
import { readOutline } from '../sql/read-outline.js';
import type { SqlDialect } from '../sql/sql-dialect.js';
import { findTableSites } from '../sql/table-site.js';
import { isName, isSymbol } from '../sql/token.js';
import { tokenize } from '../sql/tokenize.js';
import type { ViewColumns } from './statement-needs.js';

/** The bare columns that a view hands on, by their names in lower case. `select` is what stands after AS. */
export function viewColumns(
  select: string,
  dialect: SqlDialect,
  columnsOf: (table: string) => readonly string[],
): ViewColumns {
  const outline = readOutline(tokenize(select, dialect));
  const { tokens, clauses, queries, root } = outline;
  const tables = findTableSites(outline).flatMap(({ reference }) => (reference.depth === 0 ? reference : []));
  const tableOf = (qualifier: string | undefined): string | undefined =>
    qualifier === undefined
      ? tables.length === 1
        ? tables[0]?.name
        : undefined
      : tables.find(({ name, alias = name }) => alias === qualifier || name === qualifier)?.name;
  const found = new Map<string, { table: string; column: string }>();
  const isItem = (at: number): boolean =>
    queries[at] === root &&
    clauses[at] === 'select' &&
    (isSymbol(tokens[at - 1], ',') || isSymbol(tokens[at - 1], 'SELECT'));
  for (let at = 1; at < tokens.length; at++) {
    if (!isItem(at)) continue;
    if (isSymbol(tokens[at], '*')) {
      for (const { name } of tables)
        for (const column of columnsOf(name)) found.set(column.toLowerCase(), { table: name, column });
      continue;
    }
    const operand = readOperand(tokens, at);
    if (operand?.kind !== 'column') continue;
    const table = tableOf(operand.column.qualifier);
    const next = isSymbol(tokens[operand.end], 'AS') ? operand.end + 1 : operand.end;
    const alias = tokens[next];
    const { column } = operand.column;
    const name = isName(alias) ? nameOf(alias) : column;
    if (table !== undefined) found.set(name.toLowerCase(), { table, column });
  }
  return found;
}
