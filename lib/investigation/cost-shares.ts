import { rounded } from '../record/rounded.js';
import type { PlanNode } from './query-plan.js';

/** A node before it is known which one is the costliest. */
export type UnweighedNode = Omit<PlanNode, 'costShare' | 'isCostliest' | 'children'> & {
  readonly children: readonly UnweighedNode[];
};

/**
 * The tree with each node's own share of the whole, and its costliest node marked. What counts is time where the statement
 * was run, else cost; of one execution, times the executions.
 */
export function withCostShares(root: UnweighedNode): PlanNode {
  const measure: Measure = root.timeMs === undefined ? ({ cost }) => cost : ({ timeMs }) => timeMs;
  const whole = total(root, measure);
  if (!(whole > 0)) return root;
  const own = new Map<UnweighedNode, number>();
  weigh(root, measure, own);
  const greatest = Math.max(...own.values());
  let isMarked = false;
  const shared = (node: UnweighedNode): PlanNode => {
    const value = own.get(node) ?? 0;
    const isCostliest = !isMarked && value === greatest;
    isMarked ||= isCostliest;
    return {
      ...node,
      costShare: rounded(value / whole),
      ...(isCostliest ? { isCostliest: true } : {}),
      children: node.children.map(shared),
    };
  };
  return shared(root);
}

type Measure = (node: UnweighedNode) => number | undefined;

function total(node: UnweighedNode, measure: Measure): number {
  return (measure(node) ?? 0) * node.loops;
}

/** What children cost together cannot be more than their parent: planners count repeated executions cheaper. */
function weigh(node: UnweighedNode, measure: Measure, own: Map<UnweighedNode, number>, scale = 1): void {
  const whole = total(node, measure) * scale;
  const ofChildren = node.children.reduce((sum, child) => sum + total(child, measure), 0) * scale;
  const fits = ofChildren > whole && ofChildren > 0 ? whole / ofChildren : 1;
  own.set(node, Math.max(0, whole - ofChildren * fits));
  for (const child of node.children) weigh(child, measure, own, scale * fits);
}
