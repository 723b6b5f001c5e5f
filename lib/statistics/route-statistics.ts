import type { QueryRecord } from '../record/query-record.js';
import type { UnitKind, UnitOfWork } from '../record/unit-of-work.js';
import { Distribution } from './distribution.js';
import { MAX_DATA_SOURCES_PER_ROUTE } from './statistics-limits.js';
import { TimeDistributions, type TimeSplit } from './time-distributions.js';

/** What one unit of work asked of the database, all statements together. */
export interface UnitTotals {
  readonly queries: number;
  readonly errors: number;
  readonly rows: number;
  readonly time: TimeSplit;
}

/** What a route asks of one data source. */
export interface RouteDataSource {
  readonly queries: number;
  /** Of these on a replica; absent where replication is not configured. */
  readonly replica?: number;
}

/** Everything that is kept of the units of work of one name. */
export class RouteStatistics {
  readonly route: string;
  readonly kind: UnitKind;
  units = 0;
  /** Units that answered with a status of 500 or more. */
  failures = 0;
  /** Statements that failed. */
  errors = 0;
  rows = 0;
  /** Statements and loads that exceeded the maximum of their unit: counted, not kept. */
  dropped = 0;
  lastSeen = 0;
  readonly durationMs = new Distribution();
  /** Statements for each unit. */
  readonly queries = new Distribution();
  /** For each unit. */
  readonly times = new TimeDistributions();

  /** Statements by data source; those on replicas apart where replication is configured. */
  readonly dataSources = new Map<string, RouteDataSource>();

  constructor(of: Pick<RouteStatistics, 'route' | 'kind'>) {
    this.route = of.route;
    this.kind = of.kind;
  }

  /** Work after the response is no further unit, but its rows and time are the route's. */
  add(unit: UnitOfWork, totals: UnitTotals): void {
    this.errors += totals.errors;
    this.rows += totals.rows;
    this.dropped += unit.dropped.queries + unit.dropped.loads;
    this.lastSeen = Math.max(this.lastSeen, unit.startedAt);
    this.times.add(totals.time);
    this.addDataSources(unit);
    if (unit.isAfterResponse === true) return;
    this.units++;
    this.failures += (unit.status ?? 0) >= 500 ? 1 : 0;
    this.durationMs.add(unit.durationMs);
    this.queries.add(totals.queries + unit.dropped.queries);
  }

  merge(other: RouteStatistics): void {
    this.units += other.units;
    this.failures += other.failures;
    this.errors += other.errors;
    this.rows += other.rows;
    this.dropped += other.dropped;
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    this.durationMs.merge(other.durationMs);
    this.queries.merge(other.queries);
    this.times.merge(other.times);
    for (const [name, { queries, replica }] of other.dataSources) this.addDataSource(name, queries, replica);
  }

  private addDataSources({ queries }: UnitOfWork): void {
    // Most units ask one data source: what follows each other is counted together.
    for (let from = 0, at = 1; from < queries.length; at++) {
      const first = queries[from] as QueryRecord;
      const next = queries[at];
      if (next?.dataSource === first.dataSource && next.server === first.server) continue;
      const count = at - from;
      const { dataSource, server } = first;
      const onReplica = server === 'replica' ? count : 0;
      this.addDataSource(dataSource, count, server === undefined ? undefined : onReplica);
      from = at;
    }
  }

  private addDataSource(name: string, queries: number, replica: number | undefined): void {
    const known = this.dataSources.get(name);
    if (known === undefined && this.dataSources.size >= MAX_DATA_SOURCES_PER_ROUTE) return;
    const { queries: before = 0, replica: onReplica } = known ?? {};
    const counted = replica === undefined ? onReplica : (onReplica ?? 0) + replica;
    this.dataSources.set(name, {
      queries: before + queries,
      ...(counted === undefined ? {} : { replica: counted }),
    });
  }
}
