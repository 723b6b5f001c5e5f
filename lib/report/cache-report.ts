import type { CacheVia } from '../record/cache-record.js';
import type { Percentiles } from '../statistics/distribution.js';

/** One pattern of keys in one cache. Totals over the window; never a key or a value. */
export interface CacheReport {
  /** `default`, the token of another one, or `typeorm:default`. */
  readonly cache: string;
  /** `author:*`; empty for what concerns the whole cache: `clear()`, a lost connection. */
  readonly pattern: string;
  /** Who asked. */
  readonly via: readonly CacheVia[];
  /** Keys that were asked for. */
  readonly lookUps: number;
  /** Of hits, stale values and misses, the share that was found. */
  readonly hitRatio: number;
  readonly hits: number;
  readonly misses: number;
  /** Old values that were given while new ones were computed. */
  readonly stale: number;
  /** Callers that waited for the computation of another. */
  readonly coalesced: number;
  readonly sets: number;
  readonly deletes: number;
  /** Accesses in which the store failed. */
  readonly failures: number;
  /** Nulls that were found: Nest's `CacheInterceptor` takes them for misses. */
  readonly nulls: number;
  /** Hits by the store that answered. */
  readonly tiers: Readonly<Record<string, number>>;
  /** How long look-ups took that found something, and those that did not (with `wrap()`: the computation included). */
  readonly hitMs: Percentiles;
  readonly missMs: Percentiles;
  /** What misses had computed. */
  readonly computations: {
    readonly count: number;
    readonly statements: number;
    readonly databaseMs: number;
    readonly timeMs: Percentiles;
  };
  /** What the hits would have cost, each the mean of the computations. */
  readonly saved: { readonly statements: number; readonly timeMs: number };
  /** Characters of serialised values, where the store shows them. */
  readonly bytes?: { readonly mean: number; readonly max: number };
  /** How long the last value that was stored may live. */
  readonly ttlMs?: number;
  /** Median time between two look-ups of the same key. */
  readonly betweenUsesMs?: number;
  /** Values stored; those not found before they were stored again, evicted or now; look-ups that came after the end of a value's life. */
  readonly entries: { readonly stored: number; readonly neverFound: number; readonly expired: number };
  /** Computations of one key side by side. */
  readonly stampedes: { readonly count: number; readonly needless: number; readonly worst: number };
  /**
   * Hits of values that had been stored before a write to a table they were made of: a fact, not an accusation. The
   * longest time from such a write to a hit, and the last write.
   */
  readonly staleReads: {
    readonly hits: number;
    readonly maxAgeMs: number;
    readonly table?: string;
    readonly writtenBy?: string;
  };
  /** Oldest first, at most 24 stretches of equal length. */
  readonly overTime: readonly { readonly from: string; readonly lookUps: number; readonly hits: number }[];
  /** Most frequent first. */
  readonly routes: readonly string[];
}
