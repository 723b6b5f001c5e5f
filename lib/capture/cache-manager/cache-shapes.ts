/**
 * The part of cache-manager's and Keyv's objects that capture reads. Described here and not imported: both are optional,
 * and each version types them differently.
 */

/** What `createCache()` (6, 7), `caching()` or `multiCaching()` (5) made. */
export interface CacheShape {
  /** From 6: one Keyv for each tier. */
  readonly stores?: readonly StoreShape[];
  /** 5: the one store; `multiCaching` does not show its caches. */
  readonly store?: StoreShape;
}

/** A Keyv, or what stands in its place. */
export interface StoreShape {
  /** Keyv 5. */
  readonly opts?: { readonly store?: unknown; readonly ttl?: unknown };
  /** Keyv 6, and 5 too. */
  readonly store?: unknown;
  readonly ttl?: unknown;
}

const CACHE_METHODS = ['wrap', 'del', 'get', 'set', 'on'];

/** Whether an object that Nest provides is a cache of cache-manager. Providers may be proxies that throw. */
export function isCache(instance: object): boolean {
  try {
    return CACHE_METHODS.every((method) => typeof Reflect.get(instance, method) === 'function');
  } catch {
    return false;
  }
}

/** Keyv's own adapter behind a store; undefined where the store is the adapter. */
export function adapterOf(store: StoreShape): object | undefined {
  const adapter = store.opts?.store ?? store.store;
  return typeof adapter === 'object' && adapter !== null ? adapter : undefined;
}

/** A store that answers from this process's memory: it cannot fail, and its size is not free to know. */
export function isInMemory(store: StoreShape): boolean {
  const adapter = adapterOf(store);
  if (adapter instanceof Map) return true;
  // Keyv 6 puts one of its own around the Map.
  return (adapter as { store?: unknown } | undefined)?.store instanceof Map;
}
