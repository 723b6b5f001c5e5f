import type { PlanNode, QueryPlan } from '../investigation/query-plan.js';

/**
 * A plan of PostgreSQL as its own `EXPLAIN (FORMAT JSON)` writes it, for plan viewers (pev2): what the model keeps, so literals
 * are masked, and start-up costs and widths are 0. Undefined for other databases, whose plans no viewer reads.
 */
export function explainJson({ database, root }: QueryPlan): string | undefined {
  return database === 'postgres' ? JSON.stringify([{ Plan: nodeOf(root) }], null, 2) : undefined;
}

function nodeOf(node: PlanNode): Record<string, unknown> {
  const { operation, schema, relation, alias, index, condition, filter, sortKeys, children } = node;
  return defined({
    'Node Type': operation,
    Schema: schema,
    'Relation Name': relation,
    Alias: alias ?? relation,
    'Index Name': index,
    'Startup Cost': 0,
    'Total Cost': node.cost ?? 0,
    'Plan Rows': node.rowsEstimated ?? 0,
    'Plan Width': 0,
    ...actualOf(node),
    [conditionName(operation)]: condition,
    [filterName(operation)]: filter,
    'Sort Key': sortKeys,
    Plans: children.length === 0 ? undefined : children.map(nodeOf),
  });
}

function actualOf({ rowsActual, rowsRemoved, timeMs, loops }: PlanNode): Record<string, unknown> {
  if (rowsActual === undefined) return {};
  return {
    'Actual Startup Time': 0,
    'Actual Total Time': timeMs ?? 0,
    'Actual Rows': rowsActual,
    'Actual Loops': loops,
    'Rows Removed by Filter': rowsRemoved,
  };
}

function conditionName(operation: string): string {
  if (operation.includes('Hash')) return 'Hash Cond';
  return operation.includes('Merge') ? 'Merge Cond' : 'Index Cond';
}

function filterName(operation: string): string {
  return /Join|Nested Loop/.test(operation) ? 'Join Filter' : 'Filter';
}

function defined(properties: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
