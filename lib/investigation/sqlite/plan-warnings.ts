import { countText } from '../../statistics/count-text.js';
import { keptShare } from '../kept-share.js';
import type { PlanWarning } from '../query-plan.js';
import type { ReadingNode } from '../row-shares.js';
import { searchWarnings } from '../search-warnings.js';
import { textWarnings } from '../text-warnings.js';
import { useOf } from '../statement-needs.js';
import {
  distinctWarnings,
  joinWarning,
  loopWarning,
  repeatedScanWarning,
  scanWarning,
} from '../warning-texts.js';
import type { PlanRow } from './plan-row.js';
import type { SqlitePlanOrigin } from './plan-origin.js';

/** What in a plan of SQLite usually costs, and why. */
export function sqliteWarnings(
  rows: readonly PlanRow[],
  tree: ReadingNode,
  rowsOut: number,
  origin: SqlitePlanOrigin,
): readonly PlanWarning[] {
  const nodes = [...nodesOf(tree)];
  return distinctWarnings([
    ...nodes.flatMap((node) => nodeWarning(node, origin) ?? []),
    ...searchWarnings(origin.search, origin.uses, nodes, 'sqlite'),
    ...rows.flatMap(({ detail }) => sortWarning(detail, rowsOut)),
    ...textWarnings(origin.statement, 'sqlite'),
  ]);
}

function* nodesOf(node: ReadingNode): Iterable<ReadingNode> {
  yield node;
  for (const child of node.children) yield* nodesOf(child);
}

function nodeWarning(node: ReadingNode, origin: SqlitePlanOrigin): PlanWarning | undefined {
  const { relation, alias = relation, access, loops, rowsExamined: read } = node;
  const use = useOf(origin.uses, alias);
  if (relation === undefined || use === undefined || !use.facts.isAnalyzed) return undefined;
  if (node.operation.endsWith('AUTOMATIC INDEX'))
    return joinWarning(relation, read, 'to build an index for this statement alone');
  if (access !== 'full-scan' && access !== 'full-index-scan') return loopWarning(relation, loops);
  if (loops > 1) return repeatedScanWarning(relation, read, loops);
  return scanWarning(relation, { read, kept: read * keptShare(use, origin.distinct) });
}

function sortWarning(detail: string, rows: number): readonly PlanWarning[] {
  const what = /^USE TEMP B-TREE FOR (.*)$/u.exec(detail)?.[1];
  if (what === undefined || rows < MANY_SORTED) return [];
  return [
    { kind: 'sort', text: `${countText(rows)} rows are put in order for ${what}: no index has that order.` },
  ];
}

const MANY_SORTED = 10_000;
