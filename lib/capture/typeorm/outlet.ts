import type { Lens } from './lens.js';

/** One lens's claim on one data source, and the name the data source has there. */
export interface Outlet {
  readonly lens: Lens;
  dataSource: string;
}
