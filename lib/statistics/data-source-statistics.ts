import type { QueryRecord } from '../record/query-record.js';
import { rowsOf } from '../record/rows-of.js';
import { TimeDistributions } from './time-distributions.js';

/** Everything that is kept of one data source. */
export class DataSourceStatistics {
  readonly name: string;
  /** TypeORM's driver type; `unknown` until its metadata was seen. */
  driver: string;
  queries = 0;
  errors = 0;
  rows = 0;
  lastSeen = 0;
  readonly times = new TimeDistributions();

  constructor(of: Pick<DataSourceStatistics, 'name' | 'driver'>) {
    this.name = of.name;
    this.driver = of.driver;
  }

  add(record: QueryRecord, hydrateMs: number, at: number): void {
    this.queries++;
    this.errors += record.error === undefined ? 0 : 1;
    this.rows += rowsOf(record);
    this.lastSeen = Math.max(this.lastSeen, at);
    this.times.add({ wait: record.waitMs, execute: record.executeMs, hydrate: hydrateMs });
  }

  merge(other: DataSourceStatistics): void {
    if (this.driver === 'unknown') this.driver = other.driver;
    this.queries += other.queries;
    this.errors += other.errors;
    this.rows += other.rows;
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    this.times.merge(other.times);
  }
}
