import type { CacheError, CacheOperation, CacheRecord, CacheVia } from '../../record/cache-record.js';
import type { RecordScope } from '../../record/record-sink.js';
import { monotonicMs } from '../clock.js';
import type { AnyMethod } from '../replace-method.js';
import { observeResult, tellResult, type ResultObserver } from '../observe-result.js';
import type { CacheChannel, CacheOutlet } from './cache-channel.js';
import { cacheError } from '../cache-error.js';
import { ResultCacheMark } from '../result-cache-mark.js';
import { outcomeOf, type AccessResult } from './access-result.js';
import { cacheRegistry } from './cache-registry.js';
import { groupsOf, type KeyGroup } from './key-groups.js';
import { OpenComputation } from './open-computation.js';
import { recordStoreFailure } from './store-failure.js';

/** Reads the result of the host's call. */
export type ReadResult = (value: unknown, open: OpenAccess) => AccessResult;

/** What is known of an access when it starts. */
export interface AccessStart {
  readonly operation: CacheOperation;
  readonly keys: readonly unknown[];
  readonly ttlMs?: number | undefined;
  readonly bytes?: number | undefined;
}

/** An access of a cache on its way. It belongs to the unit of work that was running when it started. */
export class OpenAccess implements ResultObserver {
  /** The store that answered. */
  tier: string | undefined;
  private bytes: number | undefined;
  private failure: CacheError | undefined;
  private computation: OpenComputation | undefined;
  private result: AccessResult | undefined;
  private endMs = 0;
  private endSequence = 0;
  private readonly id: number;
  private readonly sequence: number;
  private readonly startMs: number;
  private readonly groups: readonly KeyGroup[];
  private readonly via: CacheVia;
  private read: ReadResult = failedRead;
  private afterFailure: (() => unknown) | undefined;

  private constructor(
    readonly channel: CacheChannel,
    private readonly outlet: CacheOutlet,
    private readonly scope: RecordScope,
    private readonly start: AccessStart,
  ) {
    const { recorder } = scope;
    this.id = recorder.nextAccess();
    this.sequence = recorder.started;
    this.groups = groupsOf(channel.patterns, start.keys);
    this.bytes = start.bytes;
    this.via = isIntercepted(scope, start.keys[0]) ? 'interceptor' : 'application';
    recorder.openStatements++;
    this.startMs = monotonicMs();
  }

  /** Undefined when the access is not recorded. Never throws. */
  static begin(channel: CacheChannel, start: AccessStart): OpenAccess | undefined {
    try {
      const outlet = channel.pick();
      const scope = outlet?.sink.scope();
      return outlet === undefined || scope === undefined
        ? undefined
        : new OpenAccess(channel, outlet, scope, start);
    } catch (error) {
      channel.failed('cache access', error);
      return undefined;
    }
  }

  get operation(): CacheOperation {
    return this.start.operation;
  }

  get hasEnded(): boolean {
    return this.result !== undefined;
  }

  /** The value is being computed, or has been: nothing was found. */
  get isComputed(): boolean {
    return this.computation?.isBackground === false;
  }

  get hasRefreshed(): boolean {
    return this.computation?.isBackground === true;
  }

  /** Makes the host's call, and records how it ended. */
  call(
    original: AnyMethod,
    self: unknown,
    args: unknown[],
    read: ReadResult,
    afterFailure?: () => unknown,
  ): unknown {
    const { channel } = this;
    this.read = read;
    this.afterFailure = afterFailure;
    const before = channel.current;
    let result: unknown;
    channel.current = this;
    try {
      result = channel.hasFrames
        ? this.inside({ access: this }, () => original.apply(self, args))
        : original.apply(self, args);
    } catch (error) {
      this.failed(error);
      throw error;
    } finally {
      channel.current = before;
    }
    return tellResult(result, this);
  }

  succeeded(value: unknown): void {
    try {
      this.end(this.read(value, this));
    } catch (error) {
      this.channel.failed('cache access', error);
    }
  }

  failed(error: unknown): void {
    try {
      this.afterFailure?.();
      // What the computation throws is no failure of the cache.
      const isOwn = this.computation?.isFailed !== true;
      if (isOwn) this.failure = cacheError(error, true);
      this.end({ outcome: isOwn ? 'failure' : 'miss' });
    } catch (own) {
      this.channel.failed('cache access', own);
    }
  }

  /** Runs the code that makes the missing value; its statements carry the access's id. */
  compute(work: () => unknown): unknown {
    const computation = new OpenComputation(this.tier !== undefined);
    this.computation = computation;
    this.scope.recorder.openStatements++;
    const ended = (isFailed: boolean) => {
      computation.end(isFailed);
      this.scope.recorder.openStatements--;
      if (this.hasEnded && computation.isBackground) this.record();
    };
    let result: unknown;
    try {
      result = this.inside({ computation: this.id, access: undefined }, work);
    } catch (error) {
      ended(true);
      throw error;
    }
    return observeResult(
      result,
      () => {
        ended(false);
      },
      () => {
        ended(true);
      },
    );
  }

  /** A store failed, whatever the caller is told. */
  storeFailed(error: unknown): void {
    if (this.failure !== undefined) return;
    this.failure = cacheError(error, false);
    // The caller did not wait for it.
    if (this.hasEnded) recordStoreFailure(this.outlet, this.scope.recorder, this.operation, error);
  }

  /** A store showed the serialised value. */
  sized(characters: number): void {
    this.bytes = (this.bytes ?? 0) + characters;
  }

  private inside<T>(part: Pick<RecordScope, 'computation' | 'access'>, work: () => T): T {
    const { sink } = this.outlet;
    return sink.inside === undefined ? work() : sink.inside(this.scope, part, work);
  }

  private end(result: AccessResult): void {
    if (this.hasEnded) return;
    this.endMs = monotonicMs();
    this.endSequence = this.scope.recorder.started;
    this.result = result;
    this.scope.recorder.openStatements--;
    const { computation } = this;
    // A refresh in the background is part of the record.
    if (computation?.isBackground !== true || computation.hasEnded) this.record();
  }

  private record(): void {
    const { recorder, computation: within, access: around } = this.scope;
    if (around instanceof ResultCacheMark) {
      around.ended(this.id, this.tier, this.failure);
      return;
    }
    const { result = { outcome: 'failure' } as const, failure, start, computation } = this;
    for (const group of this.groups) {
      const found = result.found?.(group) ?? (result.outcome === 'hit' ? group.indexes.length : 0);
      const record: CacheRecord = {
        kind: 'cache',
        id: this.id,
        cache: this.outlet.name,
        operation: start.operation,
        outcome: outcomeOf(result, group, found, failure),
        via: this.via,
        pattern: group.pattern,
        key: group.digest,
        keys: group.indexes.length,
        found,
        sequence: this.sequence,
        endSequence: this.endSequence,
        startMs: recorder.since(this.startMs),
        durationMs: this.endMs - this.startMs,
        isNull: result.isNull === true ? true : undefined,
        tier: this.tier,
        ttlMs: start.ttlMs,
        bytes: this.bytes,
        computation: computation?.record(recorder),
        error: failure,
        within,
      };
      recorder.addAccess(record);
    }
  }
}

const failedRead: ReadResult = () => ({ outcome: 'failure' });

function isIntercepted({ recorder }: RecordScope, key: unknown): boolean {
  return cacheRegistry().intercepted.get(recorder)?.has(key) === true;
}
