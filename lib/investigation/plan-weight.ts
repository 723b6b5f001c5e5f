import { countText } from '../statistics/count-text.js';
import type { PlanNode, QueryPlan } from './query-plan.js';

/** What plans of one statement are compared by: the planner's cost, or the rows they read where it tells none. */
export type WeightUnit = 'cost' | 'rows';

/** The unit for a statement: that of its present plan. */
export function weightUnit({ cost }: QueryPlan): WeightUnit {
  return cost === undefined ? 'rows' : 'cost';
}

/** Undefined where the plan does not tell. */
export function weigh({ cost, rowsRead }: QueryPlan, unit: WeightUnit): number | undefined {
  return unit === 'cost' ? cost : rowsRead;
}

/** RULINGS: an index must take away at least half of the weight. */
export const REQUIRED_SHARE = 0.5;
/**
 * A row that is found through an index costs more than one that is read in passing. Where no cost counts that in, nine of ten
 * rows of the index's own table have to be spared as well.
 */
export const REQUIRED_ROW_SHARE = 0.1;

/** Whether a plan with an index on a table is so much lighter than the one without that the index is worth having. */
export function isWorth(before: QueryPlan, after: QueryPlan, table: string): boolean {
  const unit = weightUnit(before);
  const [was, is] = [weigh(before, unit) ?? 0, weigh(after, unit) ?? Infinity];
  if (is > was * REQUIRED_SHARE) return false;
  return unit === 'cost' || rowsOf(after, table) <= rowsOf(before, table) * REQUIRED_ROW_SHARE;
}

/** Rows of one table that a plan reads. */
export function rowsOf({ root, rowsRead = 0 }: QueryPlan, table: string): number {
  const shareOf = ({ relation, costShare = 0, children }: PlanNode): number =>
    children.reduce((sum, child) => sum + shareOf(child), relation === table ? costShare : 0);
  return shareOf(root) * rowsRead;
}

/** `cost 512`, `20,000 rows read` */
export function weightText(weight: number, unit: WeightUnit): string {
  return unit === 'cost' ? `cost ${countText(weight)}` : `${countText(weight)} rows read`;
}
