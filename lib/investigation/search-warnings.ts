import { isSameName } from '../sql/is-same-name.js';
import type { Search } from '../sql/read-search.js';
import type { DatabaseKind, PlanNode, PlanWarning } from './query-plan.js';
import type { TableUse } from './statement-needs.js';
import { functionWarning, orWarning } from './warning-texts.js';

/** What the conditions of a statement do to indexes, for databases whose plans do not say it in one notation. */
export function searchWarnings(
  { wrapped, hasOr }: Search,
  uses: readonly TableUse[],
  nodes: readonly Pick<PlanNode, 'access' | 'relation'>[],
  database: DatabaseKind,
): readonly PlanWarning[] {
  const scanned = new Set(nodes.flatMap(({ access, relation }) => (access === 'full-scan' ? relation : [])));
  const functions = wrapped.flatMap(({ callee, column: { qualifier, column } }) => {
    const of = uses.filter(({ alias, facts }) =>
      qualifier === undefined
        ? facts.columns.some(({ name }) => isSameName(name, column))
        : isSameName(alias, qualifier),
    );
    const [use, ...others] = of;
    if (use === undefined || others.length > 0 || !scanned.has(use.facts.table.name)) return [];
    return [functionWarning(callee, use.facts.table.name, column, database)];
  });
  const [only, ...others] = scanned;
  return [...functions, ...(hasOr && only !== undefined && others.length === 0 ? [orWarning(only)] : [])];
}
