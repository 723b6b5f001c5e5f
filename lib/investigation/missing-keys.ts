import type { SeenFinding } from '../statistics/slow-query-findings.js';
import type { Explainer } from './explainer.js';
import type { IndexDefinition } from './index-definition.js';
import type { AdviceContext } from './advice-context.js';
import { isOpenKey, judgeKey } from './judge-key.js';
import { missingKeyFinding } from './key-findings.js';
import type { KeySearch } from './key-searches.js';
import { factsOf, type TableFacts } from './table-facts.js';

/** Foreign keys that are tried in one look at a data source. */
const MAX_KEYS = 20;

/** A search by a foreign key, and the table it searches. */
export interface SearchedTable {
  readonly search: KeySearch;
  readonly facts: TableFacts;
}

/** Each foreign key once: with the search that was named first. */
export function searchedTables(
  all: readonly TableFacts[],
  searches: readonly KeySearch[],
): readonly SearchedTable[] {
  const found = new Map<string, SearchedTable>();
  for (const search of searches) {
    const facts = factsOf(all, search.table);
    const key = JSON.stringify([facts?.table, [...search.columns].sort()]);
    if (facts !== undefined && !found.has(key)) found.set(key, { search, facts });
  }
  return [...found.values()];
}

/** Whether an index that is advised for slow statements begins with a column of the key. */
export function servesKey({ table, columns: [first] }: IndexDefinition, search: KeySearch): boolean {
  return table.name === search.table.name && search.columns.includes(first?.column ?? '');
}

/** Foreign keys that an index would serve, as far as the planner says so. */
export async function missingKeys(
  explainer: Explainer,
  searched: readonly SearchedTable[],
  dataSource: string,
  context: AdviceContext,
): Promise<readonly SeenFinding[]> {
  const open = searched.filter(({ search, facts }) => isOpenKey(search, facts));
  const findings: SeenFinding[] = [];
  for (const { search, facts } of open.slice(0, MAX_KEYS)) {
    const judged = await judgeKey(explainer, search, facts);
    if (judged !== undefined) findings.push(missingKeyFinding(search, judged, facts, dataSource, context));
  }
  return findings;
}
