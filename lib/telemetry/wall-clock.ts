/** How often the clocks are compared, in milliseconds of the monotonic one. */
const CHECK_MS = 1_000;
/** Readings further apart say that the process was interrupted between them. */
const MAX_GAP_MS = 0.1;
/** Clocks may differ by so much before one is set right: `Date.now()` counts whole milliseconds. */
const TOLERANCE_MS = 1.5;

/**
 * Readings of the monotonic clock as times of day, exact to the microsecond: `Date.now()`, which a span takes by default,
 * is too coarse for statements. Follows the system's clock when that is set, or runs at another pace.
 */
export class WallClock {
  private offsetMs = performance.timeOrigin;
  private checkedMs = 0;

  /**
   * Milliseconds from a reading of the monotonic clock to the epoch. Asked once for each span, so that its length is exact.
   *
   * @param nowMs - about now, on the monotonic clock
   */
  offset(nowMs: number): number {
    if (nowMs - this.checkedMs >= CHECK_MS) this.check();
    return this.offsetMs;
  }

  private check(): void {
    const beforeMs = performance.now();
    const seenMs = Date.now();
    const afterMs = performance.now();
    if (afterMs - beforeMs > MAX_GAP_MS) return;
    this.checkedMs = afterMs;
    // What was seen is too small by up to one millisecond.
    const offsetMs = seenMs - afterMs;
    if (offsetMs > this.offsetMs || offsetMs < this.offsetMs - TOLERANCE_MS) this.offsetMs = offsetMs;
  }
}
