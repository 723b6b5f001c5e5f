import { keptShare } from '../kept-share.js';
import { planShape } from '../plan-shape.js';
import type { Access, QueryPlan } from '../query-plan.js';
import { rowsRead, withRowShares, type ReadingNode } from '../row-shares.js';
import { rowsAskedFor } from '../rows-asked-for.js';
import { useOf, type TableUse } from '../statement-needs.js';
import { planStep, type PlanRow, type PlanStep } from './plan-row.js';
import { sqliteWarnings } from './plan-warnings.js';
import type { SqlitePlanOrigin } from './plan-origin.js';

/** SQLite's plan as the one model. It tells no costs and no rows: those are what its statistics make of each step. */
export function readSqlitePlan(rows: readonly PlanRow[], origin: SqlitePlanOrigin): QueryPlan {
  const steps = new PlanTree(rows, origin).below(0, 1);
  const [only, ...others] = steps.nodes;
  const tree: ReadingNode =
    only !== undefined && others.length === 0
      ? only
      : { operation: 'QUERY PLAN', loops: 1, rowsExamined: 0, children: steps.nodes };
  const isKnown = origin.uses.every(({ facts }) => facts.isAnalyzed);
  const asked = rowsAskedFor(origin.search);
  const isPlain =
    !origin.search.isGathering && !rows.some(({ detail }) => /UNION|EXCEPT|INTERSECT|COMPOUND/u.test(detail));
  const root = withRowShares(tree);
  return {
    database: 'sqlite',
    version: origin.version,
    values: origin.values,
    isAnalyzed: false,
    ...(isKnown ? { rowsRead: Math.round(rowsRead(tree)) } : {}),
    ...(isKnown && isPlain ? { rowsReturned: Math.round(Math.min(steps.out, asked ?? Infinity)) } : {}),
    root,
    warnings: sqliteWarnings(rows, tree, steps.out, origin),
    shape: planShape(root),
  };
}

interface Steps {
  readonly nodes: readonly ReadingNode[];
  /** Rows that come out of all of them together, of one execution. */
  readonly out: number;
}

class PlanTree {
  /** SQLite gives rows in order as soon as it has them, so that LIMIT can end the search early. */
  private readonly asked: number | undefined;

  constructor(
    private readonly rows: readonly PlanRow[],
    private readonly origin: SqlitePlanOrigin,
  ) {
    const isSorted = rows.some(({ detail }) => detail.startsWith('USE TEMP B-TREE'));
    const tables = rows.filter(({ detail }) => /^(?:SCAN|SEARCH) /u.test(detail));
    this.asked = isSorted || tables.length > 1 ? undefined : rowsAskedFor(origin.search);
  }

  /** Steps that stand beside each other are loops in each other. */
  below(parent: number, loops: number): Steps {
    let out = 1;
    const nodes: ReadingNode[] = [];
    for (const row of this.rows) {
      if (row.parent !== parent) continue;
      const isRepeated = row.detail.startsWith('CORRELATED') || /^(?:SCAN|SEARCH|MULTI)/u.test(row.detail);
      const { node, rowsOut } = this.step(row, isRepeated ? loops * Math.max(1, out) : 1);
      nodes.push(node);
      out *= rowsOut;
    }
    return { nodes, out };
  }

  private step(row: PlanRow, loops: number): { node: ReadingNode; rowsOut: number } {
    const step = planStep(row.detail);
    const inner = this.below(row.id, loops);
    const use = useOf(this.origin.uses, step.alias);
    if (step.alias === undefined || use === undefined) {
      const children = inner.nodes;
      const sum = children.reduce((rows, child) => rows + (child.children[0]?.rowsEstimated ?? 0), 0);
      const rowsOut = row.detail === 'MULTI-INDEX OR' ? Math.max(1, sum) : 1;
      const relation = step.alias === undefined ? {} : { relation: step.alias };
      return { node: { operation: step.operation, ...relation, loops, rowsExamined: 0, children }, rowsOut };
    }
    const { examined, out } = this.rowsOf(step, use);
    const { schema, name } = use.facts.table;
    const node: ReadingNode = {
      operation: step.isAutomatic ? `${step.operation} AUTOMATIC INDEX` : step.operation,
      access: accessOf(step),
      relation: name,
      ...(schema === undefined ? {} : { schema }),
      ...(step.alias === name ? {} : { alias: step.alias }),
      ...(step.index === undefined ? {} : { index: step.index }),
      ...(step.condition === undefined ? {} : { condition: step.condition }),
      ...(use.facts.isAnalyzed ? { rowsEstimated: Math.round(out) } : {}),
      loops: step.isAutomatic ? 1 : loops,
      rowsExamined: examined,
      children: inner.nodes,
    };
    return { node, rowsOut: Math.max(1, out) };
  }

  private rowsOf(step: PlanStep, use: TableUse): { examined: number; out: number } {
    const found = columnsOf(step);
    const share = keptShare(use, this.origin.distinct, found);
    const all = use.facts.rows;
    if (step.isAutomatic) return { examined: all, out: all * keptShare(use, this.origin.distinct) };
    const entries = step.operation === 'SCAN' || isWhole(step) ? all : this.foundBy(step, use, found.length);
    const out = Math.min(entries * share, this.asked ?? Infinity);
    return { examined: this.asked === undefined ? entries : Math.min(entries, out / share), out };
  }

  /** SQLite's own assumption: one comparison by order leaves a quarter, two leave a sixteenth. */
  private foundBy(step: PlanStep, { facts }: TableUse, equal: number): number {
    const ranges = (step.condition?.split(' AND ').length ?? 0) - equal;
    const rows = step.index === undefined ? undefined : this.origin.indexRows(step.index);
    const unique = step.isRowid || step.index === undefined ? 1 : undefined;
    const each = equal === 0 ? facts.rows : (unique ?? rows?.[equal] ?? facts.rows);
    return Math.max(1, each / 4 ** Math.max(0, ranges));
  }
}

/** Columns that an index was asked for by equality. */
function columnsOf({ condition = '' }: PlanStep): readonly string[] {
  return condition.split(' AND ').flatMap((part) => /^(\S+)=\?$/u.exec(part)?.[1] ?? []);
}

/** `SEARCH p`, for min() and max(): it looks for one row, without an index to do it. */
function isWhole({ operation, index, isRowid, condition }: PlanStep): boolean {
  return operation === 'SEARCH' && index === undefined && !isRowid && condition === undefined;
}

function accessOf(step: PlanStep): Access {
  if (step.isAutomatic || isWhole(step)) return 'full-scan';
  if (step.operation === 'SCAN') return step.index === undefined ? 'full-scan' : 'full-index-scan';
  return step.isCovering ? 'index-only-scan' : 'index-scan';
}
