import type { Search } from '../../sql/read-search.js';
import type { DistinctValues } from '../kept-share.js';
import type { PlannedValues } from '../query-plan.js';
import type { TableUse } from '../statement-needs.js';

/** What is known of a plan of MySQL or MariaDB besides its nodes. */
export interface MysqlPlanOrigin {
  readonly database: 'mysql' | 'mariadb';
  /** `10.11.6` */
  readonly version: string;
  readonly values: PlannedValues;
  /** The text that was explained; only looked at, never kept. */
  readonly statement: string;
  readonly search: Search;
  readonly uses: readonly TableUse[];
  readonly distinct: DistinctValues;
  /** `Last_query_cost`, where the plan itself tells none. */
  readonly cost?: number;
}
