import { rounded } from '../record/rounded.js';
import type { UnweighedNode } from './cost-shares.js';
import type { PlanNode } from './query-plan.js';

/** A node of a database that tells no costs of single steps. */
export interface ReadingNode extends Omit<UnweighedNode, 'children'> {
  /** Rows of a table or an index that one execution looks at; 0 for steps that read none. */
  readonly rowsExamined: number;
  readonly children: readonly ReadingNode[];
}

/** The tree with each node's share of the rows that are read, and the node marked that reads most. */
export function withRowShares(root: ReadingNode): PlanNode {
  const whole = rowsRead(root);
  const greatest = Math.max(...own(root));
  let isMarked = false;
  const shared = ({ rowsExamined, children, ...node }: ReadingNode): PlanNode => {
    const rows = rowsExamined * node.loops;
    const isCostliest = !isMarked && whole > 0 && rows === greatest;
    isMarked ||= isCostliest;
    return {
      ...node,
      ...(whole > 0 ? { costShare: rounded(rows / whole) } : {}),
      ...(isCostliest ? { isCostliest: true } : {}),
      children: children.map(shared),
    };
  };
  return shared(root);
}

/** Rows that the whole plan looks at. */
export function rowsRead({ rowsExamined, loops, children }: ReadingNode): number {
  return children.reduce((sum, child) => sum + rowsRead(child), rowsExamined * loops);
}

function own({ rowsExamined, loops, children }: ReadingNode): readonly number[] {
  return [rowsExamined * loops, ...children.flatMap(own)];
}
