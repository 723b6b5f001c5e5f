import { isAmbient } from '../record/ambient.js';
import type { UnitLimits } from '../record/unit-limits.js';
import { queryError } from '../record/query-error.js';
import { UnitRecorder } from '../record/unit-recorder.js';
import type { UnitKind } from '../record/unit-of-work.js';
import type { HandlerName } from '../record/unit-start.js';
import type { LiveTracer, LiveWork } from '../record/live-tracer.js';
import { runLive } from '../record/run-live.js';
import { epochMs, monotonicMs } from './clock.js';
import type { Failure } from './settling.js';

/** A recorder that takes no more: what the analysis gets. */
export interface EndedRecording {
  readonly recorder: UnitRecorder;
  /** When the unit ended, on the monotonic clock; statements may have ended later. */
  readonly clockMs: number;
  /** Work that was started after the response, when the unit itself had been analysed. */
  readonly isAfterResponse: boolean;
}

/** Who follows a unit while it runs. */
export interface UnitWatchers {
  readonly tracer?: LiveTracer;
  /** Of the trace that is active now. */
  traceId(): string | undefined;
}

/** Work that a unit does so long after its end (a timer that it started) is background work. */
const MAX_LATE_MS = 300_000;
/** Operations of one GraphQL request that are named one by one. */
const MAX_OPERATIONS = 5;

/** A unit of work between its beginning and the last statement that it causes. */
export class RunningUnit {
  /** Undefined while nothing may be recorded: the unit was handed over, and nothing came late so far. */
  recorder: UnitRecorder | undefined;
  /** Set when the response has been sent, or the observed function has returned; monotonic clock. */
  endedMs: number | undefined;
  /** Dropped instead of analysed: a request for QueryLens's own pages. */
  isDiscarded = false;
  /** It answers with a stream, which may last for hours: handed over piece by piece. */
  isLongLived = false;
  private isAutoBatching = false;
  private handler: HandlerName | undefined;
  /** Statements and loads of the current piece; counted for a long-lived unit. */
  size = 0;
  /** Makes the name exact before a piece is handed over. */
  nameNow?: () => string;
  traceId: string | undefined;
  private live: LiveWork | undefined;
  private readonly operations = new Set<string>();

  constructor(
    readonly id: string,
    public kind: UnitKind,
    public name: string,
    private readonly limits: UnitLimits,
  ) {
    this.recorder = this.record();
  }

  /** Ties it to its trace, and shows it to whoever watches live. */
  watch(watchers: UnitWatchers): void {
    const { recorder } = this;
    const { tracer } = watchers;
    if (recorder === undefined) return;
    recorder.traceId = this.traceId = watchers.traceId();
    if (tracer?.look() !== true) return;
    this.live = tracer.work({ kind: 'unit', unit: recorder, clockMs: recorder.start.clockMs });
    recorder.traceId = this.traceId = this.live?.traceId ?? this.traceId;
  }

  /** The work, within what watches it. */
  watched<T>(work: () => T, failed: (error: unknown) => void): () => T {
    const { live } = this;
    return live === undefined ? work : () => runLive(live, work, failed);
  }

  /** It has failed where something was thrown. */
  endWatch(failure?: Failure): void {
    const { live, recorder, endedMs } = this;
    if (live === undefined) return;
    this.live = undefined;
    if (recorder !== undefined) {
      recorder.kind = this.kind;
      recorder.name = this.name;
    }
    const error = failure && queryError(failure.error);
    live.end({ clockMs: endedMs ?? monotonicMs(), error });
  }

  /** `bootstrap` and `background`: takes what belongs to no other unit, and is cut into pieces. */
  get isAmbient(): boolean {
    return isAmbient(this.kind);
  }

  get isLongOver(): boolean {
    return this.endedMs !== undefined && monotonicMs() - this.endedMs > MAX_LATE_MS;
  }

  /** As far as it is known now: a request has its route's name from the handler on. */
  readonly currentName = (): string =>
    this.endedMs === undefined ? (this.nameNow?.() ?? this.name) : this.name;

  /** Lazy relations are loaded for whole lists from now on: `@AutoBatch()`. */
  batchLazyLoads(): void {
    this.isAutoBatching = true;
    if (this.recorder !== undefined) this.recorder.batching.isOn = true;
  }

  /** The method that Nest has called for it; of several, the first. */
  handledBy(handler: HandlerName): void {
    this.handler ??= handler;
    if (this.recorder === undefined) return;
    this.recorder.handler = this.handler;
    this.recorder.handledFrom ??= this.recorder.sequence;
  }

  /** A fresh recorder under the same name. */
  record(): UnitRecorder {
    const { id, kind, name, limits } = this;
    const recorder = new UnitRecorder(
      { id, kind, name, startedAt: epochMs(), clockMs: monotonicMs() },
      limits,
    );
    recorder.unitName = this.currentName;
    if (this.traceId !== undefined) recorder.traceId = this.traceId;
    if (this.handler !== undefined) recorder.handler = this.handler;
    recorder.batching.isOn = this.isAutoBatching;
    recorder.isResponded = this.endedMs !== undefined;
    return (this.recorder = recorder);
  }

  /** Names the unit after a GraphQL operation. A request may hold several: the first few are named. */
  addOperation(operation: string): void {
    if (this.operations.has(operation) || this.operations.size > MAX_OPERATIONS) return;
    this.operations.add(this.operations.size < MAX_OPERATIONS ? operation : '...');
    this.kind = 'graphql';
    if (this.recorder !== undefined) this.recorder.kind = 'graphql';
    this.name = [...this.operations].join(' + ');
  }

  /** Takes the recorder out; what the unit does from now on is recorded anew. */
  handOver(): EndedRecording | undefined {
    const { recorder, endedMs = monotonicMs() } = this;
    if (recorder === undefined) return undefined;
    this.recorder = undefined;
    this.size = 0;
    if (this.endedMs === undefined && this.nameNow !== undefined) this.name = this.nameNow();
    // A connection that is never given back keeps the unit; the request need not stay with it.
    if (this.endedMs !== undefined) delete this.nameNow;
    recorder.kind = this.kind;
    recorder.name = this.name;
    const isAfterResponse = recorder.start.clockMs > endedMs;
    return { recorder, clockMs: isAfterResponse ? monotonicMs() : endedMs, isAfterResponse };
  }
}
