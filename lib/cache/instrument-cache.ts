import { instrumentCache as instrument } from '../capture/cache-manager/instrument-cache.js';
import { registry } from '../context/registry.js';

/** How a cache is recorded. */
export interface InstrumentCacheOptions {
  /** What the cache is called in reports. @defaultValue `'default'` */
  readonly name?: string;
}

/**
 * The manual door, for a cache of cache-manager (5, 6 or 7) that Nest does not provide. Call it once the application has been
 * created. With several applications in the process, each access goes to the one that runs it.
 *
 * @returns what takes it back
 */
export function instrumentCache(cache: object, { name }: InstrumentCacheOptions = {}): () => void {
  const undo = [...registry().contexts].map((context) => instrument(cache, context, name));
  return () => {
    for (const one of undo) one();
  };
}
