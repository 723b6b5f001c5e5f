import type { CacheRecord } from './cache-record.js';
import type { LoadRecord, ParentBatch } from './load-record.js';
import type { PoolUse } from './pool-use.js';
import type { QueryRecord } from './query-record.js';
import type { Replay } from './replay.js';
import type { TransactionRecord } from './transaction-record.js';

export type UnitKind =
  | 'http'
  | 'graphql'
  | 'message'
  | 'event'
  | 'websocket'
  | 'cron'
  | 'interval'
  | 'timeout'
  | 'event-listener'
  | 'job'
  | 'command-handler'
  | 'query-handler'
  | 'event-handler'
  | 'observed'
  | 'bootstrap'
  | 'background';

/** What came after the unit had reached its maximum: counted, not kept. */
export interface DroppedQueries {
  readonly queries: number;
  readonly loads: number;
  readonly cacheAccesses: number;
}

/** A finished request, job or observed function, with everything it asked of the database. */
export interface UnitOfWork {
  /** Unique within the process. */
  readonly id: string;
  readonly kind: UnitKind;
  /** `GET /authors/:id`, `query Authors`, `message orders.created`, `cron Reports.nightly`, `job mail:send`. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Entry in the order in which they started. */
  readonly queries: readonly QueryRecord[];
  readonly loads: readonly LoadRecord[];
  /** Accesses of caches, in the order in which they started. */
  readonly caches: readonly CacheRecord[];
  /** Every batch that a load of this unit made or read a relation of. */
  readonly batches: readonly ParentBatch[];
  /** That ended in this unit, in the order in which they began. */
  readonly transactions: readonly TransactionRecord[];
  /** What it asked of each pool of connections. */
  readonly pools: readonly PoolUse[];
  readonly dropped: DroppedQueries;
  /**
   * The number of the first statement of its handler: those before it are of guards, pipes and middleware. Absent where
   * the call was not seen.
   */
  readonly handledFrom?: number;
  /** Loads that can be run again, by id; by reference, gone with the unit. Only while `verifyAdvice` is on. */
  readonly replays?: ReadonlyMap<number, Replay>;
  readonly traceId?: string;
  /** HTTP status, where there is one. */
  readonly status?: number;
  readonly isAborted?: true;
  /** Statements that this unit started after its response had been sent. */
  readonly isAfterResponse?: true;
}
