import { keepLatest } from '../record/keep-latest.js';

/** Keys whose time is remembered; the oldest gives way. */
const MAX_KEYS = 10_000;

/** When this process stored its answers. */
export class StoreTimes {
  private readonly times = new Map<string, number>();

  stored(key: string): void {
    keepLatest(this.times, key, Date.now(), MAX_KEYS);
  }

  forget(key: string): void {
    this.times.delete(key);
  }

  /** In whole seconds; undefined where another process has stored it. */
  ageOf(key: string): number | undefined {
    const at = this.times.get(key);
    return at === undefined ? undefined : Math.max(0, Math.floor((Date.now() - at) / 1_000));
  }
}
