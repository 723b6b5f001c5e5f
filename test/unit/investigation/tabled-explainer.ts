import type { Explained, Explainer } from '../../../lib/investigation/explainer.js';
import { indexText, type IndexDefinition } from '../../../lib/investigation/index-definition.js';
import type { QueryPlan } from '../../../lib/investigation/query-plan.js';
import type { Suspect } from '../../../lib/investigation/suspect.js';
import type { Examined } from '../../../lib/investigation/workload-index.js';

/** For each statement: its cost without an index (`''`), and with each index that helps. */
export type Costs = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** A planner whose costs stand in a table: with several indexes it takes the cheapest. */
export function tabledExplainer(costs: Costs): Explainer {
  const explain = (text: string, indexes: readonly IndexDefinition[]): Explained => {
    const own = costs[text] ?? {};
    const names = ['', ...indexes.map(indexText)].filter((name) => own[name] !== undefined);
    // An index that makes things dearer is one the planner falls for.
    const dear = names.find((name) => name !== '' && (own[name] ?? 0) > (own[''] ?? 0));
    const used =
      dear ?? names.reduce((best, name) => ((own[name] ?? 0) < (own[best] ?? 0) ? name : best), '');
    return {
      plan: planOf(own[used] ?? 0, used),
      tables: [{ name: 't' }],
      needs: [],
      tried: indexes.map((index) => ({ isUsed: indexText(index) === used })),
    };
  };
  return {
    database: 'postgres',
    untried: 'allow it.',
    trial: { how: 'a table of costs', isBuilt: false },
    explain: ({ text }, indexes = []) => Promise.resolve(explain(text, indexes)),
    facts: () => Promise.resolve([]),
  };
}

/** A statement that was judged alone, and the indexes that were found for it. */
export function examined(
  costs: Costs,
  text: string,
  indexes: readonly IndexDefinition[],
  msPerHour = 1_000,
): Examined {
  const plan = planOf(costs[text]?.[''] ?? 0, '');
  return {
    suspect: { key: text, name: text, route: 'GET /', statement: { text }, msPerHour } as Suspect,
    judgement: { explained: { plan, tables: [{ name: 't' }], needs: [], tried: [] }, facts: [], indexes },
  };
}

export function index(columns: readonly string[], include?: readonly string[]): IndexDefinition {
  const definition = { table: { name: 't' }, columns: columns.map((column) => ({ column })) };
  return include === undefined ? definition : { ...definition, include };
}

function planOf(cost: number, used: string): QueryPlan {
  return {
    database: 'postgres',
    version: '15',
    values: 'generic',
    isAnalyzed: false,
    cost,
    root: { operation: used === '' ? 'Seq Scan' : used, loops: 1, children: [] },
    warnings: [],
    shape: used,
  };
}
