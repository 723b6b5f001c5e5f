import { observeResult } from '../observe-result.js';
import { ownerOf, replaceMethod, type AnyMethod } from '../replace-method.js';
import { cacheRegistry } from './cache-registry.js';

/** Keys that are remembered of one unit of work: a request has one. */
const MAX_KEYS = 20;

/** Whether a class is Nest's `CacheInterceptor` or one that extends it. */
export function isCacheInterceptor(metatype: unknown): metatype is { readonly prototype: object } {
  const prototype: unknown = typeof metatype === 'function' ? metatype.prototype : undefined;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return ['intercept', 'trackBy', 'isRequestCacheable'].every(
    (method) => typeof Reflect.get(prototype, method) === 'function',
  );
}

/**
 * Marks the keys that interceptors of this class ask for, so that their accesses are told from those of services. The
 * class is patched, not the instance: some are made for each request. Answers how to undo it.
 */
export function watchInterceptor(metatype: { readonly prototype: object }): () => void {
  const { patches } = cacheRegistry();
  const owner = ownerOf(metatype.prototype, 'trackBy');
  if (owner === undefined) return () => undefined;
  const user = {};
  patches.retain(owner, 'trackBy', user, () =>
    replaceMethod(
      owner,
      'trackBy',
      (original: AnyMethod) =>
        function trackBy(this: unknown, ...args) {
          return observeResult(
            original.apply(this, args),
            (key) => {
              noteKey(this, key);
            },
            () => undefined,
          );
        },
    ),
  );
  return () => {
    patches.release(user);
  };
}

function noteKey(interceptor: unknown, key: unknown): void {
  const { channels, intercepted } = cacheRegistry();
  const cache = (interceptor as { cacheManager?: object }).cacheManager;
  const channel = cache === undefined ? undefined : channels.get(cache);
  try {
    const recorder = channel?.pick()?.sink.scope()?.recorder;
    if (recorder === undefined) return;
    const keys = intercepted.get(recorder) ?? new Set();
    if (keys.size < MAX_KEYS) intercepted.set(recorder, keys.add(key));
  } catch (error) {
    channel?.failed('cache interceptor', error);
  }
}
