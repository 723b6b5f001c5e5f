import { countText } from '../statistics/count-text.js';
import type { Explained } from './explainer.js';
import { indexText, type IndexDefinition } from './index-definition.js';
import type { IndexNeed } from './index-need.js';
import type { PlanNode } from './query-plan.js';
import { REQUIRED_ROW_SHARE, REQUIRED_SHARE, weigh, weightUnit } from './plan-weight.js';
import { factsOf, MAX_KEY_WIDTH, type TableColumn, type TableFacts } from './table-facts.js';

/** RULINGS: smaller tables are read as a whole, whatever indexes they have. */
export const MIN_ROWS = 500;
/** RULINGS: a plan that costs less has nothing to win. */
export const MIN_COST = 100;

/** Where conditions are read from the text: those of one branch cannot be told from those of another. */
export const UNITED =
  'It unites several queries, whose conditions are not told apart on this database: look at each of them alone.';

/** Why no index is looked for at all; undefined where one may help. */
export function reasonBefore({ plan, tables }: Explained, facts: readonly TableFacts[]): string | undefined {
  if (tables.length === 0) return 'It reads no table, so there is nothing to index.';
  const unknown = facts.filter(({ rows, isAnalyzed }) => rows <= 0 || !isAnalyzed);
  if (unknown.length > 0) {
    const names = unknown.map(({ table }) => table.name).join(', ');
    return `Cannot judge: ${names} is empty or was never analysed, so the planner guesses. Run ANALYZE where the real rows are, and investigate again.`;
  }
  if (plan.cost !== undefined && plan.cost < MIN_COST)
    return `The plan costs ${countText(plan.cost)}, below ${MIN_COST}: there is nothing to win by an index. ${ELSEWHERE}`;
  if (plan.cost === undefined && (plan.rowsRead ?? MIN_ROWS) < MIN_ROWS)
    return `It reads ${countText(plan.rowsRead ?? 0)} rows, fewer than ${MIN_ROWS}: there is nothing to win by an index. ${ELSEWHERE}`;
  return undefined;
}

const ELSEWHERE = 'Where it is slow all the same, look at locks, at the network, or at how often it runs.';

/** Why a need gets no index, where that can be said without trying. */
export function reasonOf(need: IndexNeed, facts: TableFacts): string | undefined {
  const { name } = facts.table;
  const asked = [...need.equal, ...need.joined, ...need.range, ...need.sort.map(({ column }) => column)];
  if (facts.rows < MIN_ROWS)
    return `${name} has ${countText(facts.rows)} rows, fewer than ${MIN_ROWS}: reading them all is as fast as an index.`;
  if (asked.length === 0)
    return `No condition and no order on ${name} that an index could serve: all of it is asked for.`;
  const types = facts.columns.filter((column) => asked.includes(column.name) && !column.isIndexable);
  const [first] = types;
  if (first !== undefined && types.length === new Set(asked).size)
    return `${name}.${first.name} is ${first.type}${widthText(first)}: an ordinary index cannot serve it.`;
  return undefined;
}

function widthText({ width = 0 }: TableColumn): string {
  return width > MAX_KEY_WIDTH ? ` of ${countText(width)} bytes on average` : '';
}

/** Why an index that was tried is not suggested. */
export function reasonAfter(
  explained: Explained,
  facts: readonly TableFacts[],
  best: { readonly index: IndexDefinition; readonly cost: number; readonly isUsed: boolean },
): string {
  const { plan } = explained;
  const unit = weightUnit(plan);
  const cost = weigh(plan, unit) ?? 0;
  const text = indexText(best.index);
  if (best.isUsed && best.cost < cost) {
    const percent = Math.round((1 - best.cost / cost) * 100);
    const what = unit === 'cost' ? 'the cost' : 'the rows it reads';
    const asked =
      unit === 'cost'
        ? `${percentOf(REQUIRED_SHARE)} % are asked for`
        : `${percentOf(REQUIRED_ROW_SHARE)} % of its table's are asked for, as the database tells no costs`;
    return `An index on ${text} would take ${what} from ${countText(cost)} to ${countText(best.cost)}, ${percent} % less; ${asked}.`;
  }
  const rows = factsOf(facts, best.index.table)?.rows ?? 0;
  const matching = scanOf(plan.root, best.index.table.name)?.rowsEstimated;
  const share =
    matching === undefined || rows <= 0 ? undefined : Math.min(100, Math.round((matching / rows) * 100));
  return `The planner would not use an index on ${text}${share === undefined ? '.' : `: ${share} % of the rows match.`}`;
}

function percentOf(left: number): number {
  return Math.round((1 - left) * 100);
}

function scanOf(node: PlanNode, table: string): PlanNode | undefined {
  if (node.relation === table && node.access !== undefined) return node;
  for (const child of node.children) {
    const scan = scanOf(child, table);
    if (scan !== undefined) return scan;
  }
  return undefined;
}
