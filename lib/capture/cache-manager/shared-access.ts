import { cacheRegistry } from './cache-registry.js';
import { OpenAccess } from './open-access.js';

/**
 * Records that a caller waits for what another one looks up or computes. `isFound` tells the two apart when it is there;
 * undefined: it came to nothing.
 */
export function sharedAccess<T>(
  cache: object,
  key: string,
  landed: Promise<T>,
  isFound: (landed: T) => boolean | undefined,
): Promise<T> {
  const channel = cacheRegistry().channels.get(cache);
  const open = channel && OpenAccess.begin(channel, { operation: 'get', keys: [key] });
  if (open === undefined) return landed;
  return open.call(
    () => landed,
    undefined,
    [],
    (value) => {
      const found = isFound(value as T);
      if (found === undefined) return { outcome: 'miss' };
      return found ? { outcome: 'hit' } : { outcome: 'coalesced', found: () => 0 };
    },
  ) as Promise<T>;
}
