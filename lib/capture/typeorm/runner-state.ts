import type { TransactionRecord } from '../../record/transaction-record.js';
import { monotonicMs } from '../clock.js';
import type { Place } from './place.js';
import type { OpenTransaction } from './open-transaction.js';
import { receivedBytes } from './received-bytes.js';
import type { ExpectedComments } from './statement-comments.js';

/** What is remembered of one query runner. SQLite has a single one for all work of a data source. */
export class RunnerState {
  transaction: number | undefined;
  /** The same transaction, where it is recorded. */
  open: OpenTransaction | undefined;
  /** The runner's first `connect`, on the monotonic clock: the time it waited for a connection of the pool. */
  connectStartMs: number | undefined;
  connectEndMs: number | undefined;
  /** What its connection had received when the last statement ended. */
  private receivedBytes: number | undefined;
  /** The statement that is about to ask for the connection: who, and from where. */
  place: Place | undefined;
  /** When a statement began or ended on it for the last time; monotonic clock. */
  lastActiveMs = 0;
  /** The last statement, and how many there were. */
  lastStatement = '';
  statements = 0;
  /** Of statements that have started and did not reach the driver yet. */
  readonly expectedComments: ExpectedComments = [];
  private running = 0;

  constructor(readonly id: number) {}

  /** Bytes of the statement that has ended now: a connection answers one after another. */
  bytesSince(runner: object): number | undefined {
    const before = this.receivedBytes;
    const now = (this.receivedBytes = receivedBytes(runner));
    return before === undefined || now === undefined || now < before ? undefined : now - before;
  }

  /** How much of a statement was spent waiting for the connection. */
  waitMs(startMs: number, endMs: number): number {
    if (this.connectStartMs === undefined) return 0;
    const from = Math.max(startMs, this.connectStartMs);
    const until = Math.min(endMs, this.connectEndMs ?? endMs);
    return Math.max(0, until - from);
  }

  /** A statement is running, or a stream is open. */
  get isBusy(): boolean {
    return this.running > 0;
  }

  statementStarted(statement: string, nowMs: number): void {
    this.running++;
    this.statements++;
    this.lastStatement = statement;
    this.lastActiveMs = nowMs;
    this.open?.statementStarted(nowMs);
  }

  statementEnded(nowMs: number): void {
    this.running--;
    this.lastActiveMs = nowMs;
    this.open?.statementEnded(nowMs);
  }

  endTransaction(outcome: TransactionRecord['outcome']): void {
    this.open?.end(outcome, monotonicMs());
    this.transaction = undefined;
    this.open = undefined;
  }
}
