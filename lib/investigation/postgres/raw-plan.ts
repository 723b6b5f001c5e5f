/** A node of `EXPLAIN (FORMAT JSON, VERBOSE)`, the fields that are read. PostgreSQL 12 to 18. */
export interface RawPlan {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Schema?: string;
  readonly Alias?: string;
  readonly 'Index Name'?: string;
  readonly 'CTE Name'?: string;
  readonly 'Join Type'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly 'Join Filter'?: string;
  readonly 'Hash Cond'?: string;
  readonly 'Merge Cond'?: string;
  readonly 'TID Cond'?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Group Key'?: readonly string[];
  readonly Output?: readonly string[];
  readonly 'Total Cost'?: number;
  readonly 'Plan Rows'?: number;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Actual Total Time'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Sort Space Type'?: string;
  readonly 'Sort Space Used'?: number;
  readonly 'Hash Batches'?: number;
  readonly Plans?: readonly RawPlan[];
}

/** Every node of a plan, parents first. */
export function* nodesOf(plan: RawPlan): Iterable<RawPlan> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

/**
 * The plan in what a driver gives for EXPLAIN: parsed JSON, or its text.
 *
 * @throws Error where it holds none
 */
export function rawPlanOf(answer: unknown): RawPlan {
  const parsed: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const plan = (first as { Plan?: RawPlan } | undefined)?.Plan;
  if (typeof plan?.['Node Type'] !== 'string') throw new Error('EXPLAIN answered no plan');
  return plan;
}
