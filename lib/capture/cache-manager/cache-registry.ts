import type { UnitRecorder } from '../../record/unit-recorder.js';
import { SharedPatches } from '../shared-patches.js';
import type { CacheChannel } from './cache-channel.js';

/** What capture keeps of caches for the process: one for every copy of the package, as there is one of each cache. */
export interface CacheRegistry {
  /** By cache. */
  readonly channels: WeakMap<object, CacheChannel>;
  /** Classes of interceptors. */
  readonly patches: SharedPatches;
  /** Keys that an interceptor asks for in a unit of work. */
  readonly intercepted: WeakMap<UnitRecorder, Set<unknown>>;
}

const KEY = Symbol.for('nestjs-query-lens');

/** Made by whoever asks first. */
export function cacheRegistry(): CacheRegistry {
  const shared = ((globalThis as { [KEY]?: { caches?: CacheRegistry } })[KEY] ??= {});
  return (shared.caches ??= {
    channels: new WeakMap(),
    patches: new SharedPatches(),
    intercepted: new WeakMap(),
  });
}
