import type { Cache } from 'cache-manager';
import * as version5 from 'cache-manager-5';
import { createCache as createCache6 } from 'cache-manager-6';
import { createCache as createCache7 } from 'cache-manager';
import { Keyv } from 'keyv';
import { Keyv as Keyv6 } from 'keyv-6';

/** The part that every version of cache-manager has in common. */
export type AnyCache = Pick<Cache, 'get' | 'set' | 'del' | 'wrap'>;

/** A cache in memory, of every supported version of cache-manager and Keyv. */
export const cacheVersions: readonly (readonly [string, () => AnyCache])[] = [
  [
    'cache-manager 5',
    () => version5.createCache(version5.memoryStore({ ttl: 60_000 })) as unknown as AnyCache,
  ],
  ['cache-manager 6', () => createCache6({ ttl: 60_000 }) as unknown as AnyCache],
  ['cache-manager 7', () => createCache7({ ttl: 60_000 })],
  ['cache-manager 7 with Keyv 5', () => createCache7({ stores: [new Keyv({ ttl: 60_000 })] })],
];

/** Keyv 6 dropped the option that `wrap()` of cache-manager 7 reads entries with, so there `wrap()` never hits. */
export const cacheOnKeyv6 = (): AnyCache =>
  createCache7({ stores: [new Keyv6({ ttl: 60_000 }) as unknown as Keyv] });
