import type { CacheOutcome, CacheRecord } from '../../record/cache-record.js';
import type { RecordScope } from '../../record/record-sink.js';
import { cacheError } from '../cache-error.js';
import { monotonicMs } from '../clock.js';
import { ResultCacheMark } from '../result-cache-mark.js';
import type { Lens } from './lens.js';

/** What is known of a call when it starts. */
export type DescribedAccess = Pick<CacheRecord, 'operation' | 'pattern' | 'key' | 'keys' | 'ttlMs' | 'bytes'>;
/** What its result says. */
export type SeenAccess = { readonly outcome: CacheOutcome } & Partial<
  Pick<CacheRecord, 'found' | 'bytes' | 'collision'>
>;

/** One call of TypeORM's result cache on its way. */
export class ResultCacheAccess {
  private readonly startMs = monotonicMs();
  private readonly id: number;
  private readonly sequence: number;
  private readonly mark = new ResultCacheMark();
  private hasEnded = false;

  constructor(
    private readonly lens: Lens,
    private readonly scope: RecordScope,
    private readonly cache: string,
    private readonly tier: string,
    private readonly described: DescribedAccess,
    private readonly isThrown: boolean,
  ) {
    this.id = scope.recorder.nextAccess();
    this.sequence = scope.recorder.started;
    scope.recorder.openStatements++;
  }

  /** The statements that the cache itself sends are marked as its own. */
  run(work: () => unknown): unknown {
    const { sink } = this.lens;
    try {
      return sink.inside === undefined ? work() : sink.inside(this.scope, { access: this.mark }, work);
    } catch (error) {
      this.fail(error);
      throw error;
    }
  }

  end(read: () => SeenAccess): void {
    try {
      this.record(read(), undefined);
    } catch (error) {
      this.lens.failed('result cache', error);
    }
  }

  fail(error: unknown): void {
    this.record({ outcome: 'failure' }, error);
  }

  private record(seen: SeenAccess, error: unknown): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    const { recorder, computation: within } = this.scope;
    const endMs = monotonicMs();
    const swallowed = this.mark.error;
    recorder.openStatements--;
    recorder.addAccess({
      kind: 'cache',
      id: this.id,
      cache: this.cache,
      via: 'typeorm',
      found: 0,
      sequence: this.sequence,
      endSequence: recorder.started,
      startMs: recorder.since(this.startMs),
      durationMs: endMs - this.startMs,
      ...this.described,
      ...seen,
      tier: (seen.outcome === 'hit' ? this.mark.tier : undefined) ?? this.tier,
      outcome: swallowed === undefined || seen.outcome === 'hit' ? seen.outcome : 'failure',
      error: error === undefined ? swallowed : cacheError(error, this.isThrown),
      within,
    });
  }
}
