import type { LiveTracer } from '../../record/live-tracer.js';
import type { Channel } from './channel.js';
import type { Lens } from './lens.js';
import { monotonicMs } from '../clock.js';
import type { OpenTransaction } from './open-transaction.js';
import { queryError } from '../../record/query-error.js';
import type { RunnerState } from './runner-state.js';
import { serverOf } from './server-of.js';
import type { QueryRunnerShape } from './typeorm-shapes.js';

/** Shows a transaction to whoever watches live; inert where nobody does. */
export function watchTransaction(
  channel: Channel,
  runner: QueryRunnerShape,
  open: OpenTransaction | undefined,
): void {
  if (open === undefined) return;
  watching(channel, 'live transaction', (tracer) => {
    const target = channel.targets.of(serverOf(channel.driver, runner));
    open.work = tracer.work({ kind: 'transaction', id: open.id, target, clockMs: monotonicMs() });
  });
}

/** The runner has its connection, or failed to get one. */
export function reportWait(
  channel: Channel,
  runner: QueryRunnerShape,
  { connectStartMs: clockMs, connectEndMs: endMs }: RunnerState,
  isNew: boolean | undefined,
  failure: unknown,
): void {
  if (clockMs === undefined || endMs === undefined) return;
  watching(channel, 'live connection', (tracer) => {
    const target = channel.targets.of(serverOf(channel.driver, runner));
    const error = failure === undefined ? undefined : queryError(failure);
    tracer.waited({ target, clockMs, endMs, isNew, error });
  });
}

/** The runner gives its connection back, which it has had for so long. */
export function reportUse(channel: Channel, runner: QueryRunnerShape, clockMs: number): void {
  watching(channel, 'live connection', (tracer) => {
    const target = channel.targets.of(serverOf(channel.driver, runner));
    tracer.used?.({ target, clockMs, endMs: monotonicMs() });
  });
}

/** The runner has this connection: its statements may carry comments. */
export function commentOn(channel: Channel, connection: unknown, state: RunnerState): void {
  guarded(channel, 'comments', ({ sink }) => {
    if (sink.tracer?.tags !== undefined) channel.comments.connected(connection, state.expectedComments);
  });
}

function watching(channel: Channel, where: string, work: (tracer: LiveTracer) => void): void {
  guarded(channel, where, ({ sink }) => {
    if (sink.tracer?.isOn === true) work(sink.tracer);
  });
}

function guarded(channel: Channel, where: string, work: (lens: Lens) => void): void {
  let lens: Lens | undefined;
  try {
    lens = channel.pick()?.lens;
    if (lens !== undefined) work(lens);
  } catch (error) {
    lens?.failed(where, error);
  }
}
