import type { LiveWork, WorkEnd } from '../../record/live-tracer.js';
import type { RecordScope } from '../../record/record-sink.js';
import type { TransactionGap, TransactionRecord } from '../../record/transaction-record.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import { monotonicMs } from '../clock.js';
import { OpenLoad } from './open-load.js';
import type { Outlet } from './outlet.js';
import { queryError } from '../../record/query-error.js';

/** The longest gaps are kept, so many of a transaction. */
const MAX_GAPS = 5;
/** A shorter time between two statements is the event loop's. */
const MIN_GAP_MS = 1;

/** A transaction on its way: how long it is open, and how much of that nothing runs in it. */
export class OpenTransaction {
  /** The same, as it is watched live. */
  work: LiveWork | undefined;
  private savepoints = 0;
  /** BEGIN, COMMIT, ROLLBACK or a savepoint is on its way: its statements are none of the code's. */
  private isAtBoundary = true;
  private boundarySinceMs = 0;
  private statements = 0;
  private running = 0;
  private busySinceMs = 0;
  private busyMs = 0;
  private boundaryMs = 0;
  /** The time without a statement began here; undefined before BEGIN is answered. */
  private idleSinceMs: number | undefined;
  private idleMs = 0;
  private gaps: TransactionGap[] = [];
  private beganMs: number;
  private error: unknown;

  private constructor(
    readonly id: number,
    private readonly runner: number,
    private readonly outlet: Outlet,
    private readonly scope: RecordScope,
    private readonly isolation: string | undefined,
    /** Where it was begun. */
    readonly stack: CapturedStack | undefined,
    private readonly isAfterResponse: true | undefined,
  ) {
    this.beganMs = monotonicMs();
  }

  /** Undefined when it is not recorded. Never throws. */
  static begin(
    channel: { pick(): Outlet | undefined },
    id: number,
    runner: number,
    isolation: unknown,
    below: (...args: never[]) => unknown,
  ): OpenTransaction | undefined {
    let outlet: Outlet | undefined;
    try {
      outlet = channel.pick();
      const scope = outlet?.lens.sink.scope();
      if (outlet === undefined || scope === undefined) return undefined;
      const { recorder, load } = scope;
      // Statements of a save() have its place already; what the code begins itself is rare enough to ask each time.
      const stack =
        load === undefined
          ? outlet.lens.stacks.take(recorder, below)
          : OpenLoad.find(recorder, load)?.stackAround();
      return new OpenTransaction(
        id,
        runner,
        outlet,
        scope,
        typeof isolation === 'string' ? isolation : undefined,
        stack,
        recorder.isResponded ? true : undefined,
      );
    } catch (error) {
      outlet?.lens.failed('transaction start', error);
      return undefined;
    }
  }

  /** BEGIN has been answered; the wait for a connection before it is none of the transaction's. */
  began(connectedMs: number | undefined, nowMs: number): void {
    this.beganMs = Math.max(this.beganMs, connectedMs ?? 0);
    this.boundaryMs += nowMs - this.beganMs;
    this.isAtBoundary = false;
    this.idle(nowMs);
  }

  boundaryStarted(nowMs: number): void {
    this.busy(nowMs);
    this.isAtBoundary = true;
    this.boundarySinceMs = nowMs;
  }

  boundaryEnded(nowMs: number, isSavepoint: boolean): void {
    this.boundaryMs += nowMs - this.boundarySinceMs;
    this.savepoints += isSavepoint ? 1 : 0;
    this.isAtBoundary = false;
    this.idle(nowMs);
  }

  statementStarted(nowMs: number): void {
    this.statements += this.isAtBoundary ? 0 : 1;
    this.busy(nowMs);
  }

  statementEnded(nowMs: number): void {
    this.idle(nowMs);
  }

  /** COMMIT, ROLLBACK or a savepoint failed: the first of these says why. */
  failed(error: unknown): void {
    this.error ??= error;
  }

  /** BEGIN failed. */
  neverBegan(error: unknown, clockMs: number): void {
    this.endLive(() => ({ clockMs, error: queryError(error) }));
  }

  /** The number of the statement that runs now; undefined for one that begins or ends the transaction. */
  get position(): number | undefined {
    return this.isAtBoundary ? undefined : this.statements;
  }

  get hasFailed(): boolean {
    return this.error !== undefined;
  }

  /** Records it in the unit of work that began it, or where that unit goes on when it has been analysed already. */
  end(outcome: TransactionRecord['outcome'], nowMs: number): void {
    this.busy(nowMs);
    this.endLive(() => ({
      clockMs: nowMs,
      outcome,
      idleMs: this.idleMs,
      statements: this.statements,
      error: this.error === undefined ? undefined : queryError(this.error),
    }));
    try {
      const recorder = this.scope.recorder.isFinished
        ? this.outlet.lens.sink.scope()?.recorder
        : this.scope.recorder;
      if (recorder === undefined) return;
      const record: TransactionRecord = {
        kind: 'transaction',
        id: this.id,
        dataSource: this.outlet.dataSource,
        runner: this.runner,
        isolation: this.isolation,
        load: this.scope.load,
        startMs: recorder.since(this.beganMs),
        durationMs: nowMs - this.beganMs,
        outcome,
        error: this.error === undefined ? undefined : queryError(this.error),
        statements: this.statements,
        savepoints: this.savepoints,
        idleMs: this.idleMs,
        gaps: this.gaps.map((gap) => ({ ...gap, startMs: recorder.since(gap.startMs) })),
        boundaryMs: this.boundaryMs,
        isAfterResponse: this.isAfterResponse,
      };
      recorder.connections.addTransaction(record, this.stack);
    } catch (error) {
      this.outlet.lens.failed('transaction end', error);
    }
  }

  private endLive(describe: () => WorkEnd): void {
    try {
      this.work?.end(describe());
    } catch (error) {
      this.outlet.lens.failed('live transaction', error);
    }
  }

  private busy(nowMs: number): void {
    if (this.running++ > 0 || this.idleSinceMs === undefined) return;
    const durationMs = nowMs - this.idleSinceMs;
    this.idleMs += durationMs;
    if (durationMs >= MIN_GAP_MS) this.addGap({ startMs: this.idleSinceMs, durationMs });
    this.idleSinceMs = undefined;
  }

  private idle(nowMs: number): void {
    this.running = Math.max(0, this.running - 1);
    if (this.running === 0) this.idleSinceMs = nowMs;
  }

  private addGap(gap: TransactionGap): void {
    this.gaps.push(gap);
    if (this.gaps.length <= MAX_GAPS) return;
    const shortest = this.gaps.reduce((least, other) =>
      other.durationMs < least.durationMs ? other : least,
    );
    this.gaps.splice(this.gaps.indexOf(shortest), 1);
  }
}
