import type { CacheOperation } from '../../record/cache-record.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';
import { monotonicMs } from '../clock.js';
import type { CacheOutlet } from './cache-channel.js';
import { cacheError } from '../cache-error.js';

/** A store that failed outside of any access, or after the access had been answered. */
export function recordStoreFailure(
  { sink, name }: CacheOutlet,
  recorder: UnitRecorder,
  operation: CacheOperation,
  error: unknown,
): void {
  try {
    const sequence = recorder.started;
    recorder.addAccess({
      kind: 'cache',
      id: recorder.nextAccess(),
      cache: name,
      operation,
      outcome: 'failure',
      via: 'application',
      pattern: '',
      key: 0,
      keys: 0,
      found: 0,
      sequence,
      endSequence: sequence,
      startMs: recorder.since(monotonicMs()),
      durationMs: 0,
      error: cacheError(error, false),
    });
  } catch (own) {
    sink.failed('cache access', own);
  }
}
