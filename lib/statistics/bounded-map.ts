/** An entry that knows when it was last part of a unit of work, in milliseconds since the epoch. */
export interface Seen {
  lastSeen: number;
}

/** A map with a maximum: when it is full, the entry that was not seen for longest gives way, and is counted. */
export class BoundedMap<Entry extends Seen> {
  evicted = 0;
  private readonly entries = new Map<string, Entry>();
  /** The entry that was touched last: loops touch one again and again. */
  private latest: Entry | undefined;
  private latestKey = '';

  constructor(readonly maximum: number) {}

  /** The entry of a key, made where there is none, now the most recently seen. */
  touch(key: string, create: () => Entry): Entry {
    if (this.latest !== undefined && this.latestKey === key) return this.latest;
    let entry = this.entries.get(key);
    if (entry === undefined) entry = create();
    else this.entries.delete(key);
    this.latest = entry;
    this.latestKey = key;
    this.entries.set(key, entry);
    this.shrink();
    return entry;
  }

  get(key: string): Entry | undefined {
    return this.entries.get(key);
  }

  get size(): number {
    return this.entries.size;
  }

  values(): IterableIterator<Entry> {
    return this.entries.values();
  }

  /** Takes in every entry of `other`, then keeps those seen last. `create` makes an empty entry like the given one. */
  merge(
    other: BoundedMap<Entry>,
    create: (like: Entry) => Entry,
    combine: (into: Entry, from: Entry) => void,
  ): void {
    this.evicted += other.evicted;
    this.latest = undefined;
    for (const [key, entry] of other.entries) {
      const own = this.entries.get(key) ?? create(entry);
      combine(own, entry);
      this.entries.set(key, own);
    }
    const byAge = [...this.entries].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
    this.entries.clear();
    for (const [key, entry] of byAge) this.entries.set(key, entry);
    this.shrink();
  }

  clear(): void {
    this.entries.clear();
    this.latest = undefined;
    this.evicted = 0;
  }

  private shrink(): void {
    if (this.entries.size <= this.maximum) return;
    for (const key of this.entries.keys()) {
      if (this.entries.size <= this.maximum) return;
      this.entries.delete(key);
      this.evicted++;
    }
  }
}
