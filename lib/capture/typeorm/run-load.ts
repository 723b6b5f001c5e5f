import type { LoadRecord } from '../../record/load-record.js';
import type { CallAround, LiveTracer, LiveWork } from '../../record/live-tracer.js';
import type { RecordScope } from '../../record/record-sink.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import { monotonicMs } from '../clock.js';
import type { Channel } from './channel.js';
import type { Lens } from './lens.js';
import { observeResult } from '../observe-result.js';
import { OpenLoad, type LoadedThrough } from './open-load.js';
import { runLive } from '../../record/run-live.js';
import type { EntityMetadataShape } from './typeorm-shapes.js';

/** The part that all load records have. */
export interface LoadBasis {
  readonly id: number;
  readonly parentLoad: number | undefined;
  readonly dataSource: string;
  readonly startMs: number;
  readonly durationMs: number;
}

/** Where a load belongs. */
export interface LoadContext {
  readonly lens: Lens;
  readonly scope: RecordScope;
  readonly open: OpenLoad;
}

/** One kind of load: what is known of it when it starts, and how it is described when it has ended. */
export interface LoadKind {
  readonly metadata?: EntityMetadataShape;
  through?(lens: Lens, scope: RecordScope): LoadedThrough;
  /** Where the call came from, for loads whose statements cannot tell. */
  stack?(lens: Lens, scope: RecordScope): CapturedStack | undefined;
  /** What was called; asked for only where somebody watches live. */
  call?(): CallAround | undefined;
  /** It begins now. */
  started?(context: LoadContext): void;
  /** A load that is watched live by itself, beside its statements. */
  watch?(tracer: LiveTracer, through: LoadedThrough, clockMs: number): LiveWork | undefined;
  /** `result` is undefined when the load failed. */
  describe(context: LoadContext, basis: LoadBasis, result: unknown): LoadRecord;
}

interface Started extends LoadContext {
  readonly dataSource: string;
  readonly startMs: number;
}

/**
 * Runs a load of TypeORM so that its statements and inner loads carry its id, and records it when it has ended, failed
 * or not. Where nothing is recorded, runs the work bare.
 */
export function runLoad(channel: Channel | undefined, kind: LoadKind, work: () => unknown): unknown {
  const started = channel === undefined ? undefined : begin(channel, kind);
  if (started === undefined) return work();
  const ended = (result: unknown) => {
    end(started, kind, result);
  };
  const progress = { hasBegun: false };
  let result: unknown;
  try {
    result = started.lens.sink.within(started.scope, started.open.id, () => {
      progress.hasBegun = true;
      return runWatched(started, work);
    });
  } catch (error) {
    ended(undefined);
    if (progress.hasBegun) throw error;
    started.lens.failed('load', error);
    return work();
  }
  return observeResult(result, ended, () => {
    ended(undefined);
  });
}

function runWatched({ lens, open }: Started, work: () => unknown): unknown {
  if (open.work === undefined) return work();
  return runLive(open.work, work, (error) => {
    lens.failed('live load', error);
  });
}

function begin(channel: Channel, kind: LoadKind): Started | undefined {
  let lens: Lens | undefined;
  try {
    const outlet = channel.pick();
    lens = outlet?.lens;
    const scope = lens?.sink.scope();
    if (outlet === undefined || lens === undefined || scope === undefined) return undefined;
    const { recorder } = scope;
    const around = OpenLoad.find(recorder, scope.load);
    const open = new OpenLoad(recorder.nextLoad(), around, kind.metadata, kind.through?.(lens, scope));
    open.stack = kind.stack?.(lens, scope);
    const startMs = monotonicMs();
    const { tracer } = lens.sink;
    if (tracer?.isOn === true) {
      open.call = kind.call?.();
      open.work = open.through && kind.watch?.(tracer, open.through, startMs);
    }
    kind.started?.({ lens, scope, open });
    recorder.openLoads.set(open.id, open);
    recorder.openStatements++;
    around?.childStarted(startMs);
    return { lens, scope, open, dataSource: outlet.dataSource, startMs };
  } catch (error) {
    lens?.failed('load', error);
    return undefined;
  }
}

function end(started: Started, kind: LoadKind, result: unknown): void {
  const endMs = monotonicMs();
  const { lens, scope, open, dataSource, startMs } = started;
  const { recorder, load: parentLoad } = scope;
  try {
    const durationMs = endMs - startMs;
    open.work?.end({ clockMs: endMs });
    const basis = { id: open.id, parentLoad, dataSource, startMs: recorder.since(startMs), durationMs };
    recorder.addLoad(kind.describe(started, basis, result));
  } catch (error) {
    lens.failed('load', error);
  } finally {
    recorder.openLoads.delete(open.id);
    recorder.openStatements--;
    open.around?.childEnded(endMs);
  }
}
