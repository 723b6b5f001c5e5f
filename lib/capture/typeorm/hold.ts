import type { CapturedStack } from '../../record/unit-recorder.js';
import type { Place } from './place.js';
import type { SeenUser } from './pool-users.js';
import type { RunnerState } from './runner-state.js';

/** A connection that is handed out. Keeps of its unit the name only: a connection may be held for ever. */
export class Hold {
  readonly unit: () => string;
  readonly unitId: string;
  readonly dataSource: string;
  readonly stack: CapturedStack | undefined;
  /** Said already to be held for too long. */
  isReported = false;

  constructor(
    { outlet, scope: { recorder }, stack }: Place,
    readonly state: RunnerState,
    readonly server: 'primary' | 'replica',
    readonly sinceMs: number,
  ) {
    this.unit = recorder.unitName;
    this.unitId = recorder.start.id;
    this.dataSource = outlet.dataSource;
    this.stack = stack;
  }

  /** Nothing has run on it for so long. */
  idleMs(nowMs: number): number {
    return this.state.isBusy ? 0 : nowMs - Math.max(this.sinceMs, this.state.lastActiveMs);
  }

  seen(nowMs: number): SeenUser {
    const { unit, stack, state } = this;
    return {
      unit,
      stack,
      heldMs: nowMs - this.sinceMs,
      isIdle: !state.isBusy,
      isInTransaction: state.transaction !== undefined,
    };
  }
}
