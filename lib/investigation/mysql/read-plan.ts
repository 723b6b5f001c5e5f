import { planShape } from '../plan-shape.js';
import type { QueryPlan } from '../query-plan.js';
import { rowsRead, withRowShares } from '../row-shares.js';
import { PlanTree } from './plan-tree.js';
import { mysqlWarnings } from './plan-warnings.js';
import { numberOf, type RawBlock } from './raw-plan.js';
import type { MysqlPlanOrigin } from './plan-origin.js';

/** The plan of MySQL 8 or MariaDB as the one model. */
export function readMysqlPlan(raw: RawBlock, origin: MysqlPlanOrigin): QueryPlan {
  const block = raw['query_block'] as RawBlock;
  const tree = new PlanTree(origin).read(raw);
  const root = withRowShares(tree.root);
  const isAnalyzed = tree.isAnalyzed;
  const cost = numberOf((block['cost_info'] ?? {}) as RawBlock, 'query_cost') ?? numberOf(block, 'cost');
  const told = cost ?? origin.cost;
  return {
    database: origin.database,
    version: origin.version,
    values: origin.values,
    isAnalyzed,
    ...(told === undefined ? {} : { cost: told }),
    rowsRead: Math.round(rowsRead(tree.root)),
    ...(tree.rowsOut === undefined ? {} : { rowsReturned: Math.round(tree.rowsOut) }),
    root,
    warnings: mysqlWarnings(tree.root, raw, origin),
    shape: planShape(root),
  };
}
