import type { CallSite } from '../record/call-site.js';
import type { Percentiles } from '../statistics/distribution.js';
import type { LockConflict } from '../statistics/lock-conflict-statistics.js';

/** The transactions that one place in the code began, on one route. Totals over the window. */
export interface TransactionReport {
  readonly route: string;
  readonly dataSource: string;
  /** Begun by `save()` or its kin: which, and of what entity. Absent: the code began it. */
  readonly operation?: string;
  readonly entity?: string;
  readonly callSite?: CallSite;
  readonly count: number;
  readonly committed: number;
  readonly rolledBack: number;
  /** Their connection was given back without COMMIT or ROLLBACK. */
  readonly abandoned: number;
  /** From BEGIN to its end, within 5 %. */
  readonly durationMs: Percentiles;
  /** Statements in each, those that begin and end it left out. */
  readonly statements: Percentiles;
  /** Time without a statement, all together, and as a share of the time they were open, 0 to 1. */
  readonly idleMs: number;
  readonly idleShare: number;
  /** Time for BEGIN and COMMIT, all together. */
  readonly boundaryMs: number;
  /** Transactions of this place in the unit of work that had most of them. */
  readonly maxPerUnit: number;
  readonly savepoints: number;
  /** Isolation levels that were asked for. */
  readonly isolations: readonly string[];
  /** Why they were rolled back, by code; `application` where no statement had failed. */
  readonly causes: readonly { readonly code: string; readonly count: number }[];
  /** The longest time without a statement, and what stood around it; absent: BEGIN, and its end. */
  readonly longestGap?: {
    readonly durationMs: number;
    readonly before?: string;
    readonly after?: string;
    readonly callSite?: CallSite;
  };
}

/** A statement shape that lost a deadlock, a serialization conflict or the wait for a lock. */
export interface LockConflictReport {
  readonly conflict: LockConflict;
  /** SQLSTATE on PostgreSQL, the driver's code elsewhere. */
  readonly code: string;
  readonly dataSource: string;
  readonly fingerprint: string;
  /** Normalised text: values as `?`. */
  readonly statement: string;
  readonly tables: readonly string[];
  /** Retried or not. */
  readonly count: number;
  /** Until the database gave up, all together. */
  readonly lostMs: number;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly routes: readonly string[];
  readonly callSites: readonly CallSite[];
}
