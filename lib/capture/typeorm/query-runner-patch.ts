import { monotonicMs } from '../clock.js';
import type { CaptureRegistry } from './capture-registry.js';
import type { Channel } from './channel.js';
import { commentOn, reportUse, reportWait, watchTransaction } from './live-runner.js';
import { observeResult } from '../observe-result.js';
import { replaceMethod, type AnyMethod } from '../replace-method.js';
import { OpenStatement } from './open-statement.js';
import { OpenTransaction } from './open-transaction.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';
import type { Outlet } from './outlet.js';
import { requestConnection } from './request-connection.js';
import type { RunnerState } from './runner-state.js';
import type { QueryRunnerShape } from './typeorm-shapes.js';
import { watchStream } from './watch-stream.js';

type Wrap = (registry: CaptureRegistry, original: AnyMethod) => AnyMethod;

/**
 * Wraps the methods of a query runner class. A wrapper is inert for runners of data sources without a channel: the class
 * is shared by every data source of its driver.
 */
export function patchQueryRunner(prototype: object, registry: CaptureRegistry): () => void {
  const undo = Object.entries(wraps)
    .filter(([method]) => typeof (prototype as Record<string, unknown>)[method] === 'function')
    .map(([method, wrap]) => replaceMethod(prototype, method, (original) => wrap(registry, original)));
  return () => {
    for (const restore of undo) restore();
  };
}

const wraps: Readonly<Record<string, Wrap>> = {
  query: (registry, original) =>
    function query(this: unknown, ...args) {
      const channel = channelOf(registry, this);
      const open =
        channel && OpenStatement.begin(channel, this as QueryRunnerShape, args[0], args[1], 'query', query);
      if (open === undefined) return original.apply(this, args);
      // What `run` does, without its closures: this is the path that every statement takes.
      let result: unknown;
      try {
        result = open.isLive ? open.run(() => original.apply(this, args)) : original.apply(this, args);
      } catch (error) {
        open.fail(error);
        throw error;
      }
      return observeResult(
        result,
        (value) => {
          open.succeed(value, args[2]);
        },
        (error) => {
          open.fail(error);
        },
      );
    },

  stream: (registry, original) =>
    function stream(this: unknown, ...args) {
      const channel = channelOf(registry, this);
      const open =
        channel && OpenStatement.begin(channel, this as QueryRunnerShape, args[0], args[1], 'stream', stream);
      if (open === undefined) return original.apply(this, args);
      return run(
        () => open.run(() => original.apply(this, args)),
        (result) => {
          open.streams();
          const isWatched = open.attempt(() =>
            watchStream(result, (rows, failure) => {
              open.closed(rows, failure);
            }),
          );
          if (isWatched !== true) open.succeed(undefined, false);
        },
        (error) => {
          open.fail(error);
        },
      );
    },

  connect: (registry, original) =>
    function connect(this: unknown, ...args) {
      const channel = channelOf(registry, this);
      const state = channel?.runner(this as object);
      if (channel === undefined || state === undefined || state.connectStartMs !== undefined)
        return original.apply(this, args);
      state.connectStartMs = monotonicMs();
      const request = requestConnection(channel, this as QueryRunnerShape, state, connect);
      return run(
        () => original.apply(this, args),
        (connection) => {
          state.connectEndMs = monotonicMs();
          state.bytesSince(this as object);
          commentOn(channel, connection, state);
          reportWait(channel, this as QueryRunnerShape, state, request?.isNew, undefined);
          request?.granted(state.connectEndMs);
        },
        (error) => {
          state.connectEndMs = monotonicMs();
          reportWait(channel, this as QueryRunnerShape, state, false, error);
          request?.refused(state.connectEndMs, error);
        },
      );
    },

  release: (registry, original) =>
    function release(this: unknown, ...args) {
      const channel = channelOf(registry, this);
      // SQLite has one runner, which TypeORM releases after each call: there is nothing to give back.
      const sinceMs = channel?.pool.released(this as object);
      if (channel !== undefined && sinceMs !== undefined) {
        abandon(channel.runner(this as object));
        reportUse(channel, this as QueryRunnerShape, sinceMs);
      }
      return original.apply(this, args);
    },

  startTransaction: (registry, original) =>
    function startTransaction(this: unknown, ...args) {
      const channel = channelOf(registry, this);
      const state = channel?.runner(this as object);
      if (channel === undefined || state === undefined) return original.apply(this, args);
      if (state.transaction !== undefined) return atBoundary(state, () => original.apply(this, args), true);
      const id = ++registry.numbering.transactions;
      state.transaction = id;
      state.open = OpenTransaction.begin(channel, id, state.id, args[0], startTransaction);
      watchTransaction(channel, this as QueryRunnerShape, state.open);
      return run(
        () => original.apply(this, args),
        () => {
          state.open?.began(state.connectEndMs, monotonicMs());
        },
        (error) => {
          state.open?.neverBegan(error, monotonicMs());
          state.transaction = undefined;
          state.open = undefined;
        },
      );
    },

  commitTransaction: (registry, original) => endTransaction(registry, original, 'committed'),
  rollbackTransaction: (registry, original) => endTransaction(registry, original, 'rolled-back'),
};

/** The inner commit of a nested transaction releases a savepoint; the transaction goes on. */
function endTransaction(
  registry: CaptureRegistry,
  original: AnyMethod,
  outcome: 'committed' | 'rolled-back',
): AnyMethod {
  return function (this: unknown, ...args) {
    const state = channelOf(registry, this)?.runner(this as object);
    if (state === undefined) return original.apply(this, args);
    const recorder = recorderOf(channelOf(registry, this));
    return atBoundary(
      state,
      () => original.apply(this, args),
      false,
      () => {
        // Some drivers end a transaction without a statement.
        if (recorder !== undefined) recorder.batching.writes++;
        if (!(this as QueryRunnerShape).isTransactionActive) state.endTransaction(outcome);
      },
    );
  };
}

/** Runs what begins or ends a transaction, or sets, releases or returns to a savepoint. */
function atBoundary(
  state: RunnerState,
  work: () => unknown,
  isSavepoint: boolean,
  ended: () => void = () => undefined,
): unknown {
  const { open } = state;
  open?.boundaryStarted(monotonicMs());
  return run(
    work,
    () => {
      open?.boundaryEnded(monotonicMs(), isSavepoint);
      ended();
    },
    (error) => {
      open?.boundaryEnded(monotonicMs(), false);
      open?.failed(error);
      ended();
    },
  );
}

/** The connection goes back: a transaction that is open on it belongs to nobody any more. One whose end failed is undone by the database. */
function abandon(state: RunnerState): void {
  if (state.transaction !== undefined)
    state.endTransaction(state.open?.hasFailed === true ? 'rolled-back' : 'abandoned');
}

/** Of the unit that is running; undefined where nobody records, or where that cannot be told. */
function recorderOf(channel: Channel | undefined): UnitRecorder | undefined {
  let outlet: Outlet | undefined;
  try {
    outlet = channel?.pick();
    return outlet?.lens.sink.scope()?.recorder;
  } catch (error) {
    outlet?.lens.failed('transaction', error);
    return undefined;
  }
}

function channelOf(registry: CaptureRegistry, runner: unknown): Channel | undefined {
  return registry.channels.get((runner as QueryRunnerShape).driver);
}

/** Runs the original; a synchronous throw is a failure like a rejection. */
function run(
  work: () => unknown,
  succeeded: (value: unknown) => void,
  failed: (error: unknown) => void,
): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    failed(error);
    throw error;
  }
  return observeResult(result, succeeded, failed);
}
