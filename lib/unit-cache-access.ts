import type { CacheOperation, CacheOutcome, CacheRecord, CacheVia } from './record/cache-record.js';
import { rounded } from './record/rounded.js';

/** One access of a cache in a finished unit of work. Times in milliseconds; no keys, no values. */
export interface UnitCacheAccess {
  readonly cache: string;
  readonly operation: CacheOperation;
  readonly outcome: CacheOutcome;
  readonly via: CacheVia;
  /** The key with what tells entries apart as `*`. */
  readonly pattern: string;
  readonly tier?: string;
  /** Since the unit began. */
  readonly startMs: number;
  readonly durationMs: number;
  /** Time that the missing value took to compute. */
  readonly computeMs?: number;
  /** Of the store: its code, or its class. */
  readonly error?: string;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** JSON has no undefined: fields without a value are left out. */
export function viewCacheAccess(record: CacheRecord): UnitCacheAccess {
  const { cache, operation, outcome, via, pattern, tier, startMs, durationMs, computation, error } = record;
  const view: Mutable<UnitCacheAccess> = {
    cache,
    operation,
    outcome,
    via,
    pattern,
    startMs: rounded(startMs),
    durationMs: rounded(durationMs),
  };
  if (tier !== undefined) view.tier = tier;
  if (computation !== undefined) view.computeMs = rounded(computation.durationMs);
  if (error !== undefined) view.error = error.code ?? error.type;
  return view;
}
