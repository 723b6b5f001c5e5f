import type { UnitRecorder } from '../record/unit-recorder.js';
import { monotonicMs } from './clock.js';

const { setInterval, clearInterval } = globalThis;

/** A recorder whose unit has ended while statements are still open, or that takes work done after the response. */
interface Lingerer {
  readonly recorder: UnitRecorder;
  /** Not closed before, and closed at the latest; monotonic clock. */
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly close: () => void;
}

const SWEEP_MS = 250;
/** A statement that takes longer is not waited for. */
const MAX_WAIT_MS = 30_000;

/** Waits, with one timer for all, until the statements of ended units have ended too. */
export class Lingering {
  private readonly lingerers = new Map<UnitRecorder, Lingerer>();
  private timer: NodeJS.Timeout | undefined;

  /** Calls `close` at the first sweep, `minimumMs` from now or later, that finds no open statement; or 30 s after that. */
  add(recorder: UnitRecorder, close: () => void, minimumMs = 0): void {
    const nowMs = monotonicMs();
    const earliestMs = nowMs + minimumMs;
    this.lingerers.set(recorder, { recorder, earliestMs, latestMs: earliestMs + MAX_WAIT_MS, close });
    // Not a reason for the process to stay alive.
    this.timer ??= setInterval(() => {
      this.sweep();
    }, SWEEP_MS).unref();
  }

  /** It has been closed by somebody else. */
  remove(recorder: UnitRecorder): void {
    this.lingerers.delete(recorder);
  }

  /** Closes all, waiting for nothing. */
  closeAll(): void {
    this.sweep(() => true);
    this.lingerers.clear();
    this.sweep();
  }

  /** Closes those that have nothing open. */
  sweep(isDue: (lingerer: Lingerer, nowMs: number) => boolean = isQuiet): void {
    const nowMs = monotonicMs();
    // A copy: what is closed may be added again.
    for (const lingerer of [...this.lingerers.values()]) {
      if (!isDue(lingerer, nowMs)) continue;
      this.lingerers.delete(lingerer.recorder);
      lingerer.close();
    }
    if (this.lingerers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }
}

function isQuiet({ recorder, earliestMs, latestMs }: Lingerer, nowMs: number): boolean {
  return nowMs >= latestMs || (nowMs >= earliestMs && recorder.openStatements <= 0);
}
