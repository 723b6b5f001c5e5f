import { monotonicMs, whenFree } from './clock.js';
import type { EndedRecording } from './running-unit.js';

/** Time for analysis in one turn of the event loop, in milliseconds. */
const TURN_MS = 4;

/** What waits altogether, as {@link UnitRecorder.weight} counts: characters, about as many bytes. */
const MAX_WAITING_WEIGHT = 16_000_000;

/** Recordings that wait for their analysis. Takes them on the request path, and gives them away when the loop is free. */
export class EndedRecordings {
  /** Given up because too many were waiting. */
  dropped = 0;
  private waiting: EndedRecording[] = [];
  private waitingWeight = 0;
  private isScheduled = false;

  constructor(
    private readonly maxWaiting: number,
    private readonly take: (recording: EndedRecording) => void,
  ) {}

  add(recording: EndedRecording): void {
    const { recorder } = recording;
    const isTooMuch = this.waiting.length > 0 && this.waitingWeight + recorder.weight > MAX_WAITING_WEIGHT;
    if (this.waiting.length >= this.maxWaiting || isTooMuch) {
      this.dropped++;
      recorder.discard();
    } else {
      this.waitingWeight += recorder.weight;
      this.waiting.push(recording);
    }
    this.schedule();
  }

  /** Resolves when everything that waits now has been taken. */
  async drained(): Promise<void> {
    while (this.waiting.length > 0) await new Promise((resolve) => whenFree(resolve));
  }

  /** Takes everything at once: when the application closes. */
  drain(): void {
    this.turn(Infinity);
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    whenFree(() => {
      this.isScheduled = false;
      this.turn(TURN_MS);
      if (this.waiting.length > 0) this.schedule();
    });
  }

  private turn(budgetMs: number): void {
    const untilMs = monotonicMs() + budgetMs;
    let taken = 0;
    for (const recording of this.waiting) {
      taken++;
      this.waitingWeight -= recording.recorder.weight;
      this.take(recording);
      if (monotonicMs() >= untilMs) break;
    }
    this.waiting = this.waiting.slice(taken);
    if (this.waiting.length === 0) this.waitingWeight = 0;
  }
}
