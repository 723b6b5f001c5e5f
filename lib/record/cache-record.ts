import type { CallSite } from './call-site.js';

/** What was asked of a cache. `connection`: the store failed outside of any access. */
export type CacheOperation =
  'get' | 'set' | 'del' | 'mget' | 'mset' | 'mdel' | 'wrap' | 'ttl' | 'clear' | 'connection';

/**
 * How it ended. `stale`: an old value was given while a new one was computed, or an expired one was found. `coalesced`:
 * the caller waited for the computation of another. `failure`: the store failed and nothing else answered; a look-up
 * that another tier answered is a `hit` with an `error`.
 */
export type CacheOutcome = 'hit' | 'miss' | 'stale' | 'coalesced' | 'set' | 'delete' | 'failure';

/** Who asked: code of the application, Nest's `CacheInterceptor` (and its subclasses), or TypeORM's query result cache. */
export type CacheVia = 'application' | 'interceptor' | 'typeorm';

/** Why a store failed. */
export interface CacheError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  /** The caller got the error; otherwise it was swallowed on the way. */
  readonly isThrown: boolean;
}

/** One cached statement that was found under the identifier of another. */
export interface CacheCollision {
  /** The identifier, folded like a key. */
  readonly identifier: string;
  /** The statement that asked, and the one whose rows were found; values masked. */
  readonly asked: string;
  readonly found: string;
  /** The statements are the same, the values are not. */
  readonly isSameStatement: boolean;
}

/** The code that ran because a look-up missed. */
export interface CacheComputation {
  /** Milliseconds since the unit of work began. */
  readonly startMs: number;
  readonly durationMs: number;
  /** The value was computed while an older one had been given already. */
  readonly isBackground?: true;
  readonly isFailed?: true;
}

/** One access of a cache, as the caller saw it. Never holds a key or a value. */
export interface CacheRecord {
  readonly kind: 'cache';
  /** Unique within its unit of work; grows with the order in which accesses started. */
  readonly id: number;
  /** `default`, the token of another one, or `typeorm:default`. */
  readonly cache: string;
  readonly operation: CacheOperation;
  readonly outcome: CacheOutcome;
  readonly via: CacheVia;
  /** The key with everything that tells one entry from another folded: `author:*`, `/books?page=*`. Empty for `clear`. */
  readonly pattern: string;
  /** A digest that tells keys of one pattern apart. */
  readonly key: number;
  /** Keys of one pattern that were asked in one call, and how many of them were found. */
  readonly keys: number;
  readonly found: number;
  /** What was found was null or undefined: Nest's interceptor takes that for a miss. */
  readonly isNull?: true;
  /** Which store answered, in cache-manager's words: `primary`, `secondary:0`; or the kind of TypeORM's: `database`. */
  readonly tier?: string;
  /** Statements of the unit that had started before the access started, and before it ended. */
  readonly sequence: number;
  readonly endSequence: number;
  /** Milliseconds since the unit of work began. */
  readonly startMs: number;
  readonly durationMs: number;
  /** How long what was set may live. */
  readonly ttlMs?: number;
  /** Serialised size of the value, in characters, where the store shows it. */
  readonly bytes?: number;
  readonly computation?: CacheComputation;
  readonly error?: CacheError;
  readonly collision?: CacheCollision;
  /** Known for collisions only. */
  readonly callSite?: CallSite;
  /** The computation of another entry that this access is part of. */
  readonly within?: number;
}
