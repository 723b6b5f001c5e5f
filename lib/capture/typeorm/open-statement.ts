import { cutText } from '../../record/cut-text.js';
import { isListening } from '../../record/is-listening.js';
import type { LiveStatement, LiveTracer, LiveWork } from '../../record/live-tracer.js';
import {
  MAX_STATEMENT_LENGTH,
  type BoundValues,
  type QueryError,
  type QueryRecord,
} from '../../record/query-record.js';
import type { RecordScope } from '../../record/record-sink.js';
import type { SpanIdentity } from '../../record/span-identity.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import { boundValues } from '../bound-values.js';
import { monotonicMs } from '../clock.js';
import type { Channel } from './channel.js';
import { isDriverInstrumented } from './driver-instrumentation.js';
import type { Outlet } from './outlet.js';
import { OpenLoad } from './open-load.js';
import { NO_OUTCOME, outcomeOf, type Outcome } from './outcome.js';
import { queryError } from '../../record/query-error.js';
import { runLive } from '../../record/run-live.js';
import { ResultCacheMark } from '../result-cache-mark.js';
import type { RunnerState } from './runner-state.js';
import { serverOf } from './server-of.js';
import type { QueryRunnerShape } from './typeorm-shapes.js';

/** A statement on its way. Its unit of work is the one that was running when it started. */
export class OpenStatement {
  private readonly sequence: number;
  private readonly transaction: number | undefined;
  private readonly isAfterResponse: true | undefined;
  private readonly load: OpenLoad | undefined;
  private readonly startMs: number;
  private hasEnded = false;
  private live: LiveStatement | undefined;
  /** Of a stream. */
  private liveStream: LiveWork | undefined;
  private span: SpanIdentity | undefined;
  private forgetComment: (() => void) | undefined;

  private constructor(
    private readonly outlet: Outlet,
    private readonly scope: RecordScope,
    private readonly owner: object,
    private readonly runner: RunnerState,
    private readonly statement: string,
    private readonly values: BoundValues,
    private readonly via: 'query' | 'stream',
    private readonly server: QueryRecord['server'],
    private readonly stack: CapturedStack | undefined,
  ) {
    const { recorder, load } = scope;
    this.sequence = recorder.nextSequence();
    this.transaction = runner.transaction;
    this.isAfterResponse = recorder.isResponded ? true : undefined;
    this.load = OpenLoad.find(recorder, load);
    recorder.openStatements++;
    this.startMs = monotonicMs();
    this.load?.childStarted(this.startMs);
    runner.statementStarted(statement, this.startMs);
  }

  /** Undefined when the statement is not recorded. Never throws. */
  static begin(
    channel: Channel,
    runner: QueryRunnerShape,
    statement: unknown,
    parameters: unknown,
    via: 'query' | 'stream',
    below: (...args: never[]) => unknown,
  ): OpenStatement | undefined {
    let outlet: Outlet | undefined;
    try {
      outlet = channel.pick();
      const scope = outlet?.lens.sink.scope();
      if (outlet === undefined || scope === undefined || typeof statement !== 'string') return undefined;
      const stack =
        OpenLoad.find(scope.recorder, scope.load)?.stackAround() ??
        outlet.lens.stacks.capture(scope.recorder, statement, below);
      const values = boundValues(parameters);
      const server = serverOf(channel.driver, runner);
      const state = channel.runner(runner);
      // The place where a transaction begins is always known, that of its BEGIN may not have been sampled.
      if (state.connectStartMs === undefined)
        state.place = { outlet, scope, stack: state.open?.stack ?? stack };
      const open = new OpenStatement(outlet, scope, runner, state, statement, values, via, server, stack);
      open.watch(outlet.lens.sink.tracer, channel, parameters);
      return open;
    } catch (error) {
      outlet?.lens.failed('statement start', error);
      return undefined;
    }
  }

  get isLive(): boolean {
    return this.live !== undefined;
  }

  /** Runs the original. */
  run(work: () => unknown): unknown {
    const { live } = this;
    if (live === undefined) return work();
    return runLive(live, work, (error) => {
      this.outlet.lens.failed('live statement', error);
    });
  }

  /** The rows of a stream come from now on; the call itself has answered. */
  streams(): void {
    const clockMs = monotonicMs();
    this.attempt(() => this.live?.end({ clockMs, waitMs: this.runner.waitMs(this.startMs, clockMs) }));
    this.live = undefined;
  }

  succeed(result: unknown, isStructured: unknown): void {
    this.finish(
      () => outcomeOf(this.statement, result, isStructured === true, this.scope.recorder),
      undefined,
    );
  }

  /** The end of a stream, which may have failed on its way. */
  closed(rowsReturned: number, failure: unknown): void {
    this.finish(() => ({ ...NO_OUTCOME, rowsReturned }), failure);
  }

  fail(failure: unknown): void {
    this.finish(() => NO_OUTCOME, failure);
  }

  /** Work of QueryLens on the way; undefined when it failed. */
  attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.outlet.lens.failed('statement', error);
      return undefined;
    }
  }

  private finish(read: () => Outcome, failure: unknown): void {
    if (this.hasEnded) return;
    const endMs = monotonicMs();
    try {
      // A result that cannot be read is no reason to forget the statement.
      const outcome = this.attempt(read) ?? NO_OUTCOME;
      const error = failure === undefined ? undefined : queryError(failure);
      this.attempt(() => {
        this.endLive(endMs, outcome, error);
      });
      this.record(endMs, outcome, error);
    } catch (error) {
      this.outlet.lens.failed('statement end', error);
    } finally {
      this.end(endMs);
    }
  }

  private end(endMs: number): void {
    this.hasEnded = true;
    this.forgetComment?.();
    if (mayWrite(this.statement)) this.scope.recorder.batching.writes++;
    this.load?.childEnded(endMs);
    this.runner.statementEnded(endMs);
    this.scope.recorder.openStatements--;
  }

  private watch(tracer: LiveTracer | undefined, channel: Channel, parameters: unknown): void {
    try {
      if (isListening(tracer, this.scope.recorder)) this.watchWith(tracer, channel, parameters);
      if (tracer?.tags === undefined) return;
      const tags = tracer.tags(this.scope.recorder, this.live);
      this.forgetComment =
        tags && channel.comments.expect(this.runner.expectedComments, this.statement, tags);
    } catch (error) {
      this.outlet.lens.failed('live statement', error);
    }
  }

  private watchWith(tracer: LiveTracer, channel: Channel, parameters: unknown): void {
    const { startMs: clockMs, statement, server } = this;
    const target = channel.targets.of(server);
    const { open } = this.runner;
    if (this.via === 'stream')
      this.liveStream = tracer.work({ kind: 'stream', statement, target, clockMs, within: open?.work });
    this.live = tracer.statement({
      statement,
      parameters,
      hasParameters: this.values.count > 0,
      target,
      isDriverInstrumented: isDriverInstrumented(channel.driver),
      dataSource: this.outlet.dataSource,
      server,
      unit: this.scope.recorder,
      call: this.load?.callAround(),
      relation: this.load?.relationAround(),
      transaction: open && { id: open.id, position: open.position },
      within: this.liveStream ?? open?.work,
      clockMs,
    });
    this.span = this.live?.identity;
  }

  private endLive(clockMs: number, { rowsReturned }: Outcome, error: QueryError | undefined): void {
    const waitMs = this.runner.waitMs(this.startMs, clockMs);
    this.live?.end({ clockMs, waitMs, rowsReturned, error, stack: this.stack });
    this.liveStream?.end({ clockMs, rows: rowsReturned, error });
  }

  private record(endMs: number, outcome: Outcome, error: QueryError | undefined): void {
    const { recorder, load, fieldPath, computation, access } = this.scope;
    const { statement, startMs } = this;
    const waitMs = this.runner.waitMs(startMs, endMs);
    recorder.addQuery(
      {
        kind: 'query',
        sequence: this.sequence,
        dataSource: this.outlet.dataSource,
        statement: cutText(statement, MAX_STATEMENT_LENGTH),
        values: this.values,
        via: this.via,
        runner: this.runner.id,
        transaction: this.transaction,
        server: this.server,
        load,
        fieldPath,
        computation,
        isOfResultCache: access instanceof ResultCacheMark ? true : undefined,
        startMs: recorder.since(startMs),
        waitMs,
        executeMs: endMs - startMs - waitMs,
        rowsReturned: outcome.rowsReturned,
        rowsAffected: outcome.rowsAffected,
        bytes: this.runner.bytesSince(this.owner),
        rowSample: outcome.rowSample,
        error,
        span: this.span,
        isAfterResponse: this.isAfterResponse,
      },
      this.stack,
    );
  }
}

/** Whatever is not a plain SELECT, transaction statements included: what they end may become visible. */
function mayWrite(statement: string): boolean {
  return !/^\s*select\b/i.test(statement);
}
