import { countText } from '../../statistics/count-text.js';
import type { PlanWarning } from '../query-plan.js';
import type { ReadingNode } from '../row-shares.js';
import { searchWarnings } from '../search-warnings.js';
import { textWarnings } from '../text-warnings.js';
import {
  distinctWarnings,
  joinWarning,
  loopWarning,
  repeatedScanWarning,
  scanWarning,
} from '../warning-texts.js';
import type { RawBlock } from './raw-plan.js';
import type { MysqlPlanOrigin } from './plan-origin.js';

/** Rows below which sorting and collecting are no matter. */
const MANY_ROWS = 10_000;
const MISESTIMATE = 10;

/** What in a plan of MySQL or MariaDB usually costs, and why. */
export function mysqlWarnings(
  root: ReadingNode,
  raw: RawBlock,
  { database, search, uses, statement }: MysqlPlanOrigin,
): readonly PlanWarning[] {
  const nodes = [...nodesOf(root)];
  return distinctWarnings([
    ...nodes.flatMap((node) => [
      ...(scan(node) ?? []),
      ...(sorted(node) ?? []),
      ...(misestimate(node) ?? []),
    ]),
    ...spilled(raw),
    ...searchWarnings(search, uses, nodes, database),
    ...textWarnings(statement, database),
  ]);
}

function* nodesOf(node: ReadingNode): Iterable<ReadingNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

type Warn = (node: ReadingNode) => readonly PlanWarning[] | undefined;

const scan: Warn = (node) => {
  const { access, relation, filter, rowsExamined: read, rowsActual, rowsEstimated, loops } = node;
  if (relation === undefined || relation.startsWith('<') || access === undefined) return undefined;
  const kept = rowsActual ?? rowsEstimated ?? read;
  if (access !== 'full-scan') return listed(loopWarning(relation, loops));
  if (loops > 1) return listed(repeatedScanWarning(relation, read, loops));
  if (node.operation.endsWith('join buffer')) return listed(joinWarning(relation, read));
  return filter === undefined ? undefined : listed(scanWarning(relation, { read, kept }));
};

function listed(warning: PlanWarning | undefined): readonly PlanWarning[] | undefined {
  return warning && [warning];
}

const sorted: Warn = ({ operation, sortKeys = [], rowsEstimated = 0, loops }) => {
  const rows = rowsEstimated * loops;
  if (rows < MANY_ROWS) return undefined;
  if (operation === 'filesort') {
    const by = sortKeys.length === 0 ? '' : ` by ${sortKeys.join(', ')}`;
    return [
      { kind: 'sort', text: `${countText(rows)} rows are put in order${by}: no index has that order.` },
    ];
  }
  if (operation !== 'temporary table') return undefined;
  return [{ kind: 'temporary-table', text: `${countText(rows)} rows are collected in a temporary table.` }];
};

const misestimate: Warn = ({ relation, rowsActual, rowsRemoved = 0, rowsEstimated, rowsExamined, loops }) => {
  if (relation === undefined || rowsActual === undefined || rowsEstimated === undefined || loops === 0)
    return undefined;
  const [planned, seen] = [rowsEstimated, rowsActual];
  const [less, more] = [Math.max(1, Math.min(seen, planned)), Math.max(1, seen, planned)];
  // What a condition leaves of a scan is not estimated where there is no histogram: only what an index leads to is.
  if (rowsRemoved > 0 || rowsExamined < 100 || more / less < MISESTIMATE) return undefined;
  return [
    {
      kind: 'misestimate',
      relation,
      text: `The planner expected ${countText(planned)} rows of ${relation} and got ${countText(seen)}: ANALYZE TABLE, or a histogram.`,
    },
  ];
};

function spilled(raw: RawBlock): readonly PlanWarning[] {
  const passes = [...values(raw, 'r_sort_passes')].filter((count) => count > 0);
  return passes.map((count) => ({
    kind: 'spilled-to-disk',
    text: `A sort did not fit into sort_buffer_size and was merged on disk in ${countText(count)} passes.`,
  }));
}

function* values(value: unknown, name: string): Iterable<number> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === name && typeof child === 'number') yield child;
    yield* values(child, name);
  }
}
