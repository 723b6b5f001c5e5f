import type { CallSite } from './call-site.js';
import type { QueryError } from './query-record.js';

/** A unit of work that held connections of a full pool, or waited for one: those of one place together. */
export interface PoolUser {
  /** Name of the unit of work. */
  readonly unit: string;
  /** Where the connection was asked for. */
  readonly callSite?: CallSite;
  readonly connections: number;
  /** The longest that one of them was held (of a waiter: waited for) at that moment, in milliseconds. */
  readonly heldMs: number;
  /** Of these, connections on which no statement was running. */
  readonly idle: number;
  /** Connections in a transaction. */
  readonly inTransaction: number;
}

/** A request for a connection that had to wait for one of others, or got none. Milliseconds. */
export interface ConnectionRequest {
  /** Since the unit of work began. */
  readonly startMs: number;
  readonly waitMs: number;
  /** Why there was none. */
  readonly error?: QueryError;
  /** Connections of the pool. */
  readonly size: number;
  /** Connections that the same unit held when it asked, and how many of them in a transaction. */
  readonly own: number;
  readonly ownInTransaction: number;
  /** Who held the connections meanwhile. */
  readonly holders: readonly PoolUser[];
  readonly callSite?: CallSite;
}

/** A time in which a pool was full and somebody waited. */
export interface Saturation {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Connections of the pool. */
  readonly size: number;
  /** Requests that had to wait, and how many at once at most. */
  readonly requests: number;
  readonly maxWaiting: number;
  /** Requests that got no connection. */
  readonly refused: number;
  readonly holders: readonly PoolUser[];
  readonly waiters: readonly PoolUser[];
}

/** What one unit of work asked of one pool; nothing where a data source has none. */
export interface PoolUse {
  readonly dataSource: string;
  /** `primary` where replication is not configured. */
  readonly server: 'primary' | 'replica';
  /** For each connection that it was given: how long that took, in milliseconds. */
  readonly waitsMs: readonly number[];
  readonly requests: readonly ConnectionRequest[];
  /** That ended in this unit: its request was the last that waited. */
  readonly saturations: readonly Saturation[];
}
