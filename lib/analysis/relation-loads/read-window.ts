import { valueKey } from '../query-values.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { RowWindow } from '../row-window.js';
import { mainTable, type KeyLookup } from './key-lookup.js';

/**
 * The window of a lookup that reads some of one parent's rows, the first or the last: `take: 3`, `ORDER BY ... LIMIT 1`.
 * Undefined where the limit cut nothing, and where one row of an unsorted lookup is the only one that was expected.
 */
export function readWindow({ queries, load, main }: KeyLookup): RowWindow | undefined {
  const found = load?.entities ?? main.record.rowsReturned ?? 0;
  for (const query of queries) {
    const take = countOf(query, query.statement.limit);
    if (take === undefined || mainTable(query) === undefined) continue;
    const skip = countOf(query, query.statement.offset) ?? 0;
    const isCut = take === 1 ? isSorted(query) : true;
    if (found > 0 && (skip > 0 || (isCut && found >= take))) return { skip, take };
  }
  return undefined;
}

function countOf(query: AnalysedQuery, value: AnalysedQuery['statement']['limit']): number | undefined {
  if (value === undefined) return undefined;
  const key = valueKey(value.kind === 'literal' ? value.value : query.record.values.kept[value.index]);
  return key === undefined || !/^\d+$/.test(key) ? undefined : Number(key);
}

function isSorted({ statement }: AnalysedQuery): boolean {
  return /\bORDER BY\b/.test(statement.text);
}
