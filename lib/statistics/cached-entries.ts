import { keepLatest } from '../record/keep-latest.js';

/** What is known of one entry of a cache: its key by digest. Times in milliseconds since the epoch. */
interface CachedEntry {
  storedAt: number;
  expiresAt: number;
  hits: number;
  lastUse: number;
  /** The last computations of it that overlapped: a chain of a stampede. */
  computedUntil: number;
  computations: number;
}

/** Entries of one pattern that are followed. */
const MAX_ENTRIES = 200;

/** What the entries of one pattern show together: the first 200 of them, those used last. */
export class CachedEntries {
  /** Entries that were stored, and those of them that were found at least once before they were stored again. */
  stored = 0;
  found = 0;
  /** Look-ups that missed an entry which had expired. */
  expired = 0;
  /** Chains of computations of one entry, each begun before the one before had stored its value. */
  stampedes = 0;
  /** Computations that another one under way had made needless. */
  needless = 0;
  /** Most computations of one entry at once. */
  worst = 0;
  private readonly entries = new Map<number, CachedEntry>();
  /** The entry that was kept last: loops ask for one again and again. */
  private latest: CachedEntry | undefined;

  /** A look-up; answers how long after the last one it came, where that is known. */
  lookedUp(key: number, at: number, isHit: boolean): number | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) {
      this.keep(key, { ...NEW, lastUse: at });
      return undefined;
    }
    const since = entry.lastUse > 0 ? at - entry.lastUse : undefined;
    if (isHit && entry.hits++ === 0 && entry.storedAt > 0) this.found++;
    if (!isHit && entry.storedAt > 0 && entry.expiresAt <= at && entry.expiresAt > entry.storedAt) {
      this.expired++;
      entry.storedAt = 0;
    }
    entry.lastUse = Math.max(entry.lastUse, at);
    this.keep(key, entry);
    return since !== undefined && since >= 0 ? since : undefined;
  }

  setAt(key: number, at: number, ttlMs: number | undefined): void {
    const entry = this.entries.get(key) ?? { ...NEW };
    this.stored++;
    entry.hits = 0;
    entry.storedAt = at;
    entry.expiresAt = ttlMs === undefined ? Infinity : at + ttlMs;
    this.keep(key, entry);
  }

  deletedAt(key: number, at: number): void {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.storedAt < at) entry.storedAt = 0;
  }

  clearedAt(at: number): void {
    for (const entry of this.entries.values()) if (entry.storedAt < at) entry.storedAt = 0;
  }

  /** When the value that was found had been stored; 0 where that is not known. */
  storedAt(key: number): number {
    return this.entries.get(key)?.storedAt ?? 0;
  }

  /** A computation of the value, from the look-up that missed to the moment it was stored. */
  computed(key: number, from: number, to: number): void {
    const entry = this.entries.get(key) ?? { ...NEW };
    if (from < entry.computedUntil) {
      entry.computations++;
      this.needless++;
      if (entry.computations === 2) this.stampedes++;
      this.worst = Math.max(this.worst, entry.computations);
    } else entry.computations = 1;
    entry.computedUntil = Math.max(entry.computedUntil, to);
    this.keep(key, entry);
  }

  merge(other: CachedEntries): void {
    this.stored += other.stored;
    this.found += other.found;
    this.expired += other.expired;
    this.stampedes += other.stampedes;
    this.needless += other.needless;
    this.worst = Math.max(this.worst, other.worst);
  }

  private keep(key: number, entry: CachedEntry): void {
    if (entry === this.latest) return;
    this.latest = entry;
    keepLatest(this.entries, key, entry, MAX_ENTRIES);
  }
}

const NEW: CachedEntry = {
  storedAt: 0,
  expiresAt: 0,
  hits: 0,
  lastUse: 0,
  computedUntil: 0,
  computations: 0,
};
