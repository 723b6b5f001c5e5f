/** Keys whose time is remembered; the oldest gives way. */
const MAX_KEYS = 10_000;

/** When this process stored its answers. */
export class StoreTimes {
  private readonly times = new Map<string, number>();

  stored(key: string): void {
    this.times.delete(key);
    this.times.set(key, Date.now());
    if (this.times.size <= MAX_KEYS) return;
    for (const oldest of this.times.keys()) {
      this.times.delete(oldest);
      return;
    }
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
