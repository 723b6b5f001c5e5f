import type { TrackReads } from '../record/entity-reads.js';
import type { LiveTracer } from '../record/live-tracer.js';
import type { RecordScope, RecordSink } from '../record/record-sink.js';
import type { UnitKind } from '../record/unit-of-work.js';
import { answering } from './answering.js';
import { monotonicMs } from './clock.js';
import { EarlyPorts } from './early-ports.js';
import type { Frame } from './frame.js';
import { HandOver } from './hand-over.js';
import type { HandlerEntry } from './handler-entry.js';
import type { Observer } from './observer.js';
import { registry } from './registry.js';
import { RunningUnit } from './running-unit.js';
import { settle } from './settle.js';
import type { Failure } from './settling.js';
import type { UnitContextPorts } from './unit-context-ports.js';
import { isUnseen } from './unseen.js';

/** Statements and loads after which the `background` unit is cut. */
const AMBIENT_SIZE = 500;

/** Knows which unit of work is running, for one application. The unit is read when work starts, never at its end. */
export class UnitContext implements RecordSink, Observer {
  private readonly frames = registry().frames;
  private readonly handOver = new HandOver((recording) => {
    this.ports.ended(recording);
  });
  private readonly prefix = Math.random().toString(36).slice(2, 8);
  private ambient: Frame;
  private ambientSize = 0;
  private hasBootstrapped = false;
  private isClosed = false;
  isPaused = false; // Nothing is recorded for the time being.
  private units = 0;
  private readonly early = new EarlyPorts();
  private ports: UnitContextPorts = this.early;

  constructor() {
    this.ambient = this.frameOf(this.begin('bootstrap', 'bootstrap'));
    registry().contexts.add(this);
  }

  /** Before, what ends is kept: data sources may be opened while the module's options are not known yet. */
  connect(ports: UnitContextPorts): void {
    this.ports = ports;
    this.early.handOver(ports);
  }

  get trackReads(): TrackReads | undefined {
    return this.ports.trackReads;
  }

  get tracer(): LiveTracer | undefined {
    return this.ports.tracer;
  }

  get autoBatch(): boolean {
    return this.ports.autoBatch === true;
  }

  get keepsReplays(): boolean {
    return this.ports.keepsReplays === true;
  }

  scope(): RecordScope | undefined {
    if (this.isClosed || this.isPaused) return undefined;
    const frame = this.own();
    if (frame === undefined) return isUnseen() ? undefined : this.ambientFrame();
    if (frame.unit.isLongLived) this.handOver.count(frame.unit);
    return frame.recorder === frame.unit.recorder ? frame : this.lateFrame(frame);
  }

  within<T>(scope: RecordScope, load: number, work: () => T): T {
    // Every scope that capture holds was made by scope() above.
    const { unit, recorder, fieldPath, computation } = scope as Frame;
    return this.frames.run({ lens: this, unit, recorder, load, fieldPath, computation }, work);
  }

  inside<T>(scope: RecordScope, part: Pick<RecordScope, 'computation' | 'access'>, work: () => T): T {
    return this.frames.run({ ...(scope as Frame), ...part }, work);
  }

  opened(dataSource: object, name?: string): void {
    this.ports.opened?.(dataSource, name);
  }

  failed(where: string, error: unknown): void {
    this.ports.failed(where, error);
  }

  begin(kind: UnitKind, name: string): RunningUnit {
    const id = `${this.prefix}-${(++this.units).toString(36)}`;
    const unit = new RunningUnit(id, kind, name, this.ports.limits);
    if (!unit.isAmbient)
      this.guarded(() => {
        unit.watch(this.ports);
      });
    return unit;
  }

  run<T>(unit: RunningUnit, work: () => T): T {
    return this.isClosed ? work() : this.frames.run(this.frameOf(unit), unit.watched(work, this.watchFailed));
  }

  private readonly watchFailed = (error: unknown): void => {
    this.failed('live unit', error);
  };

  /** The unit that the running code belongs to; not `bootstrap` and `background`. */
  current(): RunningUnit | undefined {
    const unit = this.own()?.unit;
    return unit === undefined || unit.isAmbient || unit.endedMs !== undefined ? undefined : unit;
  }

  /** Runs a GraphQL resolver so that its statements carry the field. */
  withinField<T>(fieldPath: string, work: () => T): T {
    const scope = this.scope() as Frame | undefined;
    return scope === undefined ? work() : this.frames.run({ ...scope, fieldPath }, work);
  }

  /** Inside a unit the work stays part of it; outside it becomes a unit of kind `observed`. */
  observe<T>(name: string, work: () => T): T {
    return this.isClosed || this.current() !== undefined ? work() : this.settle('observed', name, work);
  }

  handle<T>(describe: () => HandlerEntry | undefined, work: () => T): T {
    if (this.isClosed) return work();
    const entry = this.guarded(describe);
    const current = this.current();
    if (entry?.isStream === true && current !== undefined) this.handOver.lengthen(current);
    const isPart = current !== undefined || (entry?.isFollower === true && this.isFollowing());
    return entry === undefined || isPart ? work() : this.settle(entry.kind, entry.name, work);
  }

  answer<T>(work: () => T): T {
    const unit = this.isClosed ? undefined : this.current();
    const sending = () => this.guarded(() => unit?.recorder?.sending());
    return unit === undefined ? work() : answering(work, sending);
  }

  /** Ends a unit: it is handed over as soon as its open statements have ended. */
  end(unit: RunningUnit, failure?: Failure): void {
    const { recorder } = unit;
    if (unit.endedMs !== undefined) return;
    unit.endedMs = monotonicMs();
    this.guarded(() => {
      unit.endWatch(failure);
    });
    // The last piece of a stream has been handed over already.
    if (recorder === undefined) return;
    recorder.isResponded = true;
    this.handOver.end(unit, recorder);
  }

  /** From now on, what belongs to no unit is background work. */
  bootstrapped(): void {
    this.hasBootstrapped = true;
    this.cutAmbient();
  }

  /** Hands over what has no open statements: before a report is made. */
  flush(): void {
    this.cutAmbient();
    this.handOver.flush();
  }

  /** Ends everything and records nothing any more. */
  close(): void {
    if (this.isClosed) return;
    this.cutAmbient();
    this.handOver.close();
    this.isClosed = true;
    registry().contexts.delete(this);
  }

  private own(): Frame | undefined {
    const frame = this.frames.getStore();
    return frame?.lens === this ? frame : undefined;
  }

  private frameOf(unit: RunningUnit): Frame {
    return { lens: this, unit, recorder: this.handOver.recorderOf(unit) };
  }

  /** A unit that has been handed over does more: that becomes a segment of its own under the same name. */
  private lateFrame(frame: Frame): Frame {
    const { unit, fieldPath } = frame;
    const isOver = unit.isAmbient || unit.isLongOver;
    return isOver ? this.ambientFrame() : { ...this.frameOf(unit), fieldPath };
  }

  private ambientFrame(): Frame {
    if (this.ambientSize >= AMBIENT_SIZE) this.cutAmbient();
    this.ambientSize++;
    return this.ambient;
  }

  private cutAmbient(): void {
    const { unit, recorder } = this.ambient;
    const kind = this.hasBootstrapped ? 'background' : 'bootstrap';
    if (recorder.hasRecords || recorder.openStatements > 0) this.end(unit);
    else if (unit.kind === kind) return;
    this.ambient = this.frameOf(this.begin(kind, kind));
    this.ambientSize = 0;
  }

  /** The host's result must not depend on what is done about it. */
  private guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.failed('handlers', error);
      return undefined;
    }
  }

  private settle<T>(kind: UnitKind, name: string, work: () => T): T {
    const unit = this.begin(kind, name);
    return settle(() => this.run(unit, work), {
      resume: (later) => this.run(unit, later),
      returned: (value) => {
        this.guarded(() => {
          this.noteReturned(unit, value);
        });
      },
      lasts: () => {
        this.guarded(() => {
          this.handOver.lengthen(unit);
        });
      },
      done: (failure) => {
        this.guarded(() => {
          this.end(unit, failure);
        });
      },
    });
  }

  /** The code belongs to a unit that ended not long ago. */
  private isFollowing(): boolean {
    const unit = this.own()?.unit;
    return unit !== undefined && !unit.isAmbient && !unit.isLongOver;
  }

  /** What a function gives to its caller may be read there, after its unit of work. */
  private noteReturned(unit: RunningUnit, value: unknown): void {
    if (this.trackReads !== undefined && this.trackReads !== 'off') unit.recorder?.returned(value);
  }
}
