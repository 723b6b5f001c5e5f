import type { Seen } from './bounded-map.js';

/** Statements that have recent times, those seen last; and calls of each. */
export const MAX_RECENT_STATEMENTS = 256;
const MAX_RECENT_TIMES = 32;

/** The last execution times of a statement, for a picture of how it has been lately. */
export class RecentTimes implements Seen {
  lastSeen = 0;
  private readonly times: number[] = [];
  private next = 0;

  /** Milliseconds, of a unit of work that began `at` milliseconds after the epoch. */
  add(ms: number, at: number): void {
    this.times[this.next] = ms > 0 ? ms : 0;
    this.next = (this.next + 1) % MAX_RECENT_TIMES;
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  /** Those of the other one count as older where it was seen before. */
  merge(other: RecentTimes): void {
    const [older, newer] = this.lastSeen <= other.lastSeen ? [this, other] : [other, this];
    const all = [...older.list(), ...newer.list()].slice(-MAX_RECENT_TIMES);
    this.next = 0;
    for (const ms of all) this.add(ms, newer.lastSeen);
  }

  /** Oldest first. */
  list(): readonly number[] {
    return this.times.length < MAX_RECENT_TIMES
      ? [...this.times]
      : [...this.times.slice(this.next), ...this.times.slice(0, this.next)];
  }
}
