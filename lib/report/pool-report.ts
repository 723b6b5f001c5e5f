import type { PoolGauge } from '../record/pool-gauge.js';
import type { IdleConnection } from '../record/pool-snapshot.js';
import type { PoolUser, Saturation } from '../record/pool-use.js';
import type { Percentiles } from '../statistics/distribution.js';

/** As {@link Saturation}: units and call sites that held the connections, and those that waited. */
export interface SaturationReport extends Omit<Saturation, 'startedAt'> {
  /** ISO 8601. */
  readonly startedAt: string;
}

/** The connections of one data source to its primary, or to its replicas. */
export interface PoolReport {
  readonly dataSource: string;
  /** `primary` where replication is not configured. */
  readonly server: PoolGauge['server'];
  /** What each pool says of itself now; of replicas there may be several. Empty while the data source is closed. */
  readonly now: readonly Omit<PoolGauge, 'server'>[];
  /** Who holds connections now. */
  readonly holders: readonly PoolUser[];
  /** Connections that were given to somebody, and how long that took each; within 5 %. */
  readonly connections: number;
  readonly waitMs: Percentiles;
  /** Requests that had to wait for a connection of others. */
  readonly waited: number;
  /** Requests that got none, by code. */
  readonly refused: readonly { readonly code: string; readonly count: number }[];
  readonly saturation: {
    readonly episodes: number;
    readonly totalMs: number;
    readonly longestMs: number;
    /** Newest first. */
    readonly recent: readonly SaturationReport[];
  };
  /** Connections that are held now and have not been used for long, longest first. */
  readonly leakSuspects: readonly Omit<IdleConnection, 'server' | 'isOnPurpose'>[];
}
