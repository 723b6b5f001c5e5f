import type { CacheError } from '../record/cache-record.js';

/**
 * In a scope: one access of TypeORM's result cache is at work. The statements are its own; and where it keeps its results in
 * a cache that is recorded itself, what it asks of that is no access of the application.
 */
export class ResultCacheMark {
  /** The store that answered. */
  tier: string | undefined;
  /** What a store failed with, whatever TypeORM was told. */
  error: CacheError | undefined;
  private latest = 0;

  /** An access that it made has ended; of several that found something, the one that began last has the rows. */
  ended(access: number, tier: string | undefined, error: CacheError | undefined): void {
    this.error ??= error;
    if (tier === undefined || access < this.latest) return;
    this.latest = access;
    this.tier = tier;
  }
}
