import type { RecordScope } from '../record/record-sink.js';
import type { UnitRecorder } from '../record/unit-recorder.js';
import type { Observer } from './observer.js';
import type { RunningUnit } from './running-unit.js';

/** What travels through the code of a unit of work. Immutable: inner work gets a frame of its own. */
export interface Frame extends RecordScope {
  /** Whose unit it is. An application reads only frames of its own: two may live in one process. */
  readonly lens: Observer;
  readonly unit: RunningUnit;
  /** Its loads and batches belong to this recorder; a later segment of the unit has another. */
  readonly recorder: UnitRecorder;
}

/** Stands in the place of a frame where nothing is to be recorded, by no application of the process. */
export interface UnseenFrame {
  readonly isUnseen: true;
  readonly lens?: never;
}
