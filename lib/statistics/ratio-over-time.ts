/** Look-ups of a stretch of time, and those that found something. */
export interface RatioBucket {
  /** Milliseconds since the epoch. */
  readonly from: number;
  lookUps: number;
  hits: number;
}

const MAX_BUCKETS = 24;
const FIRST_WIDTH_MS = 60_000;

/** A hit ratio over time, in at most 24 stretches of one width, which doubles when there is no room for another. */
export class RatioOverTime {
  widthMs = FIRST_WIDTH_MS;
  private readonly byStart = new Map<number, RatioBucket>();

  add(at: number, lookUps: number, hits: number): void {
    const from = Math.floor(at / this.widthMs) * this.widthMs;
    const bucket = this.byStart.get(from);
    if (bucket !== undefined) {
      bucket.lookUps += lookUps;
      bucket.hits += hits;
      return;
    }
    this.byStart.set(from, { from, lookUps, hits });
    while (this.byStart.size > MAX_BUCKETS) this.widen();
  }

  merge(other: RatioOverTime): void {
    while (this.widthMs < other.widthMs) this.widen();
    for (const { from, lookUps, hits } of other.byStart.values()) this.add(from, lookUps, hits);
  }

  /** Oldest first. */
  buckets(): readonly RatioBucket[] {
    return [...this.byStart.values()].sort((a, b) => a.from - b.from);
  }

  private widen(): void {
    const buckets = [...this.byStart.values()];
    this.byStart.clear();
    this.widthMs *= 2;
    for (const { from, lookUps, hits } of buckets) this.add(from, lookUps, hits);
  }
}
