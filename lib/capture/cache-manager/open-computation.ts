import type { CacheComputation } from '../../record/cache-record.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';
import { monotonicMs } from '../clock.js';

/** The code that makes a missing value, on its way. */
export class OpenComputation {
  isFailed = false;
  private durationMs: number | undefined;
  private readonly startMs = monotonicMs();

  /** In the background: an older value has been given already. */
  constructor(readonly isBackground: boolean) {}

  get hasEnded(): boolean {
    return this.durationMs !== undefined;
  }

  end(isFailed: boolean): void {
    this.durationMs = monotonicMs() - this.startMs;
    this.isFailed = isFailed;
  }

  record(recorder: UnitRecorder): CacheComputation {
    return {
      startMs: recorder.since(this.startMs),
      durationMs: this.durationMs ?? 0,
      ...(this.isBackground ? { isBackground: true } : {}),
      ...(this.isFailed ? { isFailed: true } : {}),
    };
  }
}
