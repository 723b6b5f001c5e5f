import type { CallSite } from './call-site.js';
import type { QueryError } from './query-record.js';

/** A time in which a transaction was open and ran no statement. Milliseconds. */
export interface TransactionGap {
  /** Since the unit of work began. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** One transaction, begun by the code (`dataSource.transaction()`, `startTransaction()`) or by `save()` and its kin. */
export interface TransactionRecord {
  readonly kind: 'transaction';
  /** What its statements carry as `transaction`. */
  readonly id: number;
  readonly dataSource: string;
  readonly runner: number;
  /** As it was asked for: `SERIALIZABLE`. Absent: the database's default. */
  readonly isolation?: string;
  /** The innermost load around its beginning: the `save()` that began it, where one did. */
  readonly load?: number;
  /** From BEGIN, the wait for a connection left out, in milliseconds since the unit of work began. */
  readonly startMs: number;
  /** Until COMMIT or ROLLBACK was answered. */
  readonly durationMs: number;
  /** `abandoned`: its connection was given back without COMMIT or ROLLBACK. */
  readonly outcome: 'committed' | 'rolled-back' | 'abandoned';
  /** Why COMMIT failed. */
  readonly error?: QueryError;
  /** Statements besides those that begin and end it, and set savepoints. */
  readonly statements: number;
  readonly savepoints: number;
  /** Time in which no statement of it was running. */
  readonly idleMs: number;
  /** The longest times without a statement, in the order in which they came. */
  readonly gaps: readonly TransactionGap[];
  /** Time for BEGIN and COMMIT or ROLLBACK. */
  readonly boundaryMs: number;
  readonly callSite?: CallSite;
  /** Begun after the response had been sent. */
  readonly isAfterResponse?: true;
}
