/** The part of cache-manager's cache that an interceptor uses. */
export interface InterceptedCache {
  /** From 6. */
  readonly stores?: readonly { get(key: string): Promise<unknown> }[];
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  /** From 6: when the entry expires, in milliseconds since the epoch. */
  ttl?(key: string): Promise<unknown>;
}

/** What the cache has under a key, a null included; undefined where it has nothing. */
export async function lookUp(
  cache: InterceptedCache,
  key: string,
): Promise<{ readonly value: unknown } | undefined> {
  const value = await cache.get(key);
  if (value === undefined) return undefined;
  return value !== null || (await hasNull(cache, key)) ? { value } : undefined;
}

/** In cache-manager 6 null is a miss too: only the stores tell the two apart. */
async function hasNull({ stores }: InterceptedCache, key: string): Promise<boolean> {
  if (stores === undefined) return true;
  for (const store of stores) if ((await store.get(key)) === null) return true;
  return false;
}
