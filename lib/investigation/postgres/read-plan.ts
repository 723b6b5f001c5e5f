import { withCostShares, type UnweighedNode } from '../cost-shares.js';
import { maskedCondition } from '../masked-condition.js';
import { planShape } from '../plan-shape.js';
import type { Access, QueryPlan } from '../query-plan.js';
import type { PlanOrigin } from './plan-origin.js';
import { planWarnings } from './plan-warnings.js';
import { nodesOf, type RawPlan } from './raw-plan.js';

/** PostgreSQL's own plan as the one model. */
export function readPostgresPlan(raw: RawPlan, origin: PlanOrigin): QueryPlan {
  const root = withCostShares(nodeOf(raw, 1));
  const isAnalyzed = raw['Actual Rows'] !== undefined;
  return {
    database: 'postgres',
    version: origin.version,
    values: origin.values,
    isAnalyzed,
    ...(raw['Total Cost'] === undefined ? {} : { cost: raw['Total Cost'] }),
    rowsRead: Math.round(rowsRead(raw, 1, origin)),
    rowsReturned: raw['Actual Rows'] ?? raw['Plan Rows'] ?? 0,
    root,
    warnings: planWarnings(raw, origin),
    shape: planShape(root),
  };
}

function nodeOf(raw: RawPlan, loops: number): UnweighedNode {
  const condition = raw['Index Cond'] ?? raw['Hash Cond'] ?? raw['Merge Cond'] ?? raw['TID Cond'];
  const filter =
    raw.Filter ?? raw['Join Filter'] ?? (condition === undefined ? raw['Recheck Cond'] : undefined);
  const relation = raw['Relation Name'] ?? raw['CTE Name'];
  const alias = raw.Alias === relation ? undefined : raw.Alias;
  return dropUndefined({
    operation: operationOf(raw),
    access: ACCESS[raw['Node Type']],
    relation,
    schema: raw.Schema,
    alias,
    index: raw['Index Name'],
    condition: condition === undefined ? undefined : maskedCondition(condition),
    filter: filter === undefined ? undefined : maskedCondition(filter),
    sortKeys: raw['Sort Key']?.map((key) => maskedCondition(key)),
    rowsEstimated: raw['Plan Rows'],
    rowsActual: raw['Actual Rows'],
    rowsRemoved: raw['Rows Removed by Filter'],
    loops: raw['Actual Loops'] ?? loops,
    cost: raw['Total Cost'],
    timeMs: raw['Actual Total Time'],
    children: (raw.Plans ?? []).map((child) => nodeOf(child, loops * executionsIn(raw, child))),
  });
}

/** `Hash Join` is `Hash Left Join` where it is one; a subplan says so. */
function operationOf(raw: RawPlan): string {
  const type = raw['Node Type'];
  const join = raw['Join Type'];
  const isJoin = type === 'Nested Loop' || type === 'Hash Join' || type === 'Merge Join';
  if (!isJoin || join === undefined || join === 'Inner') return type;
  return type === 'Nested Loop' ? `${type} ${join} Join` : type.replace(' Join', ` ${join} Join`);
}

const ACCESS: Readonly<Record<string, Access | undefined>> = {
  'Seq Scan': 'full-scan',
  'Sample Scan': 'full-scan',
  'Index Scan': 'index-scan',
  'Index Only Scan': 'index-only-scan',
  'Bitmap Heap Scan': 'index-scan',
};

/** How often a child is executed for each execution of its parent: the planner's view. */
export function executionsIn(parent: RawPlan, child: RawPlan): number {
  const relationship = child['Parent Relationship'];
  if (relationship === 'SubPlan') return isHashed(parent) ? 1 : Math.max(1, parent['Plan Rows'] ?? 1);
  if (relationship !== 'Inner' || parent['Node Type'] !== 'Nested Loop') return 1;
  const outer = parent.Plans?.find((other) => other['Parent Relationship'] === 'Outer');
  return Math.max(1, outer?.['Plan Rows'] ?? 1);
}

function isHashed({ Filter: filter = '' }: RawPlan): boolean {
  return filter.includes('hashed SubPlan');
}

/** Rows that scans look at: the whole table for a full scan, else what an index leads to. */
function rowsRead(raw: RawPlan, loops: number, origin: PlanOrigin): number {
  const executions = raw['Actual Loops'] ?? loops;
  const access = ACCESS[raw['Node Type']];
  const own = access === undefined ? 0 : scannedRows(raw, access, origin) * executions;
  return (raw.Plans ?? []).reduce(
    (sum, child) => sum + rowsRead(child, loops * executionsIn(raw, child), origin),
    own,
  );
}

function scannedRows(raw: RawPlan, access: Access, origin: PlanOrigin): number {
  const out = (raw['Actual Rows'] ?? raw['Plan Rows'] ?? 0) + (raw['Rows Removed by Filter'] ?? 0);
  if (raw['Actual Rows'] !== undefined || access !== 'full-scan') return out;
  return Math.max(out, origin.tableRows(raw.Schema, raw['Relation Name'] ?? '') ?? 0);
}

/** Base tables that a plan reads, without duplicates. */
export function tablesOf(raw: RawPlan): readonly { readonly schema?: string; readonly name: string }[] {
  const tables = new Map<string, { schema?: string; name: string }>();
  for (const { 'Relation Name': name, Schema: schema } of nodesOf(raw)) {
    if (name === undefined) continue;
    tables.set(`${schema ?? ''}.${name}`, schema === undefined ? { name } : { schema, name });
  }
  return [...tables.values()];
}

function dropUndefined(node: { [K in keyof UnweighedNode]: UnweighedNode[K] | undefined }): UnweighedNode {
  return Object.fromEntries(
    Object.entries(node).filter(([, value]) => value !== undefined),
  ) as unknown as UnweighedNode;
}
