import type { PlanNode } from './query-plan.js';

/** `Nested Loop(Seq Scan flight,Index Scan airport airport_pkey)`: what a plan does, without figures. */
export function planShape({ operation, relation, index, children }: PlanNode): string {
  const own = [operation, relation, index].filter((part) => part !== undefined).join(' ');
  return children.length === 0 ? own : `${own}(${children.map(planShape).join(',')})`;
}
