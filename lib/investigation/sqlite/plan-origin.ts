import type { Search } from '../../sql/read-search.js';
import type { DistinctValues } from '../kept-share.js';
import type { PlannedValues } from '../query-plan.js';
import type { TableUse } from '../statement-needs.js';

/** What is known of a plan of SQLite besides its steps. */
export interface SqlitePlanOrigin {
  /** `3.45.1` */
  readonly version: string;
  readonly values: PlannedValues;
  /** The text that was explained; only looked at, never kept. */
  readonly statement: string;
  readonly search: Search;
  readonly uses: readonly TableUse[];
  /** Of `sqlite_stat1`: rows of the index, then rows for one value of its first column, of its first two, and so on. */
  readonly indexRows: (index: string) => readonly number[] | undefined;
  readonly distinct: DistinctValues;
}
