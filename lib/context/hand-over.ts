import type { UnitRecorder } from '../record/unit-recorder.js';
import { Lingering } from './lingering.js';
import type { EndedRecording, RunningUnit } from './running-unit.js';

/** A piece of late work is open at least so long: one piece of work is one piece. */
const LATE_MS = 1_000;
/** Statements and loads after which a unit that answers with a stream is cut, and how long a piece of it may last. */
const PIECE_SIZE = 500;
const PIECE_MS = 60_000;

/** Hands units over to their analysis: at their end, or piece by piece where they have no end in sight. */
export class HandOver {
  private readonly lingering = new Lingering();

  constructor(private readonly take: (recording: EndedRecording) => void) {}

  /** What records for the unit now. A unit that has been handed over does more: that becomes a piece of its own. */
  recorderOf(unit: RunningUnit): UnitRecorder {
    if (unit.recorder !== undefined) return unit.recorder;
    const recorder = unit.record();
    if (!unit.isAmbient) this.later(unit, recorder, unit.endedMs === undefined ? PIECE_MS : LATE_MS);
    return recorder;
  }

  /** The unit has ended: it goes as soon as its open statements have ended. */
  end(unit: RunningUnit, recorder: UnitRecorder): void {
    if (recorder.openStatements === 0) this.now(unit);
    else this.later(unit, recorder, 0);
  }

  /** From now on the unit goes piece by piece. */
  lengthen(unit: RunningUnit): void {
    if (unit.isLongLived || unit.endedMs !== undefined) return;
    unit.isLongLived = true;
    if (unit.recorder !== undefined) this.later(unit, unit.recorder, PIECE_MS);
  }

  /** One more statement or load of a long-lived unit. */
  count(unit: RunningUnit): void {
    if (unit.size >= PIECE_SIZE) this.cut(unit);
    unit.size++;
  }

  /** What has no open statements goes now. */
  flush(): void {
    this.lingering.sweep(({ recorder }) => recorder.openStatements <= 0);
  }

  /** Everything goes now. */
  close(): void {
    this.lingering.closeAll();
  }

  private now(unit: RunningUnit): void {
    const recording = unit.handOver();
    if (recording === undefined) return;
    this.lingering.remove(recording.recorder);
    if (unit.isDiscarded) recording.recorder.discard();
    else this.take(recording);
  }

  /** The piece is large enough; statements that are open end in it. */
  private cut(unit: RunningUnit): void {
    const recording = unit.handOver();
    if (recording === undefined) return;
    const { recorder } = recording;
    this.lingering.remove(recorder);
    if (recorder.openStatements === 0) this.take(recording);
    else {
      this.lingering.add(recorder, () => {
        this.take(recording);
      });
    }
  }

  private later(unit: RunningUnit, recorder: UnitRecorder, minimumMs: number): void {
    const close = () => {
      // Nothing to hand over of a stream that is still open.
      if (unit.endedMs === undefined && !recorder.hasRecords) this.later(unit, recorder, minimumMs);
      else if (unit.recorder === recorder) this.now(unit);
    };
    this.lingering.add(recorder, close, minimumMs);
  }
}
