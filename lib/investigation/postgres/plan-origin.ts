import type { PlannedValues } from '../query-plan.js';

/** What is known of a plan besides its nodes. */
export interface PlanOrigin {
  /** `15.4` */
  readonly version: string;
  readonly values: PlannedValues;
  /** The text that was explained; only looked at, never kept. */
  readonly statement: string;
  /** Rows of a table as the planner believes; undefined where nobody knows. */
  readonly tableRows: (schema: string | undefined, table: string) => number | undefined;
}
