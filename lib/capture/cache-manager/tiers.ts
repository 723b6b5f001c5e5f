import { observeResult } from '../observe-result.js';
import { replaceMethod, type AnyMethod } from '../replace-method.js';
import type { CacheChannel } from './cache-channel.js';
import { adapterOf, type StoreShape } from './cache-shapes.js';
import { OpenAccess } from './open-access.js';
import { recordStoreFailure } from './store-failure.js';

const STORE_METHODS = [
  'get',
  'getMany',
  'set',
  'setMany',
  'delete',
  'deleteMany',
  'clear',
  // cache-manager 5
  'del',
  'reset',
  'mget',
  'mset',
  'mdel',
] as const;
const READS: ReadonlySet<string> = new Set(['get', 'getMany', 'mget']);

/** Watches one tier of a cache: which one answered, and what failed without a word. Answers how to undo it. */
export function watchStore(channel: CacheChannel, store: StoreShape, tier: string): () => void {
  const adapter = adapterOf(store);
  const isPlainMap = adapter instanceof Map;
  const undo = [
    ...wrapAll(store, (name, original) => watchedStoreMethod(channel, tier, name, original)),
    ...(adapter === undefined || isPlainMap
      ? []
      : wrapAll(adapter, (name, original) => watchedAdapterMethod(channel, name, original))),
    ...(adapter === undefined || isPlainMap ? [] : watchErrors(channel, store)),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

function wrapAll(target: object, wrap: (name: string, original: AnyMethod) => AnyMethod): (() => void)[] {
  return STORE_METHODS.filter(
    (name) => typeof (target as Readonly<Record<string, unknown>>)[name] === 'function',
  ).map((name) => replaceMethod(target, name, (original) => wrap(name, original)));
}

function watchedStoreMethod(
  channel: CacheChannel,
  tier: string,
  name: string,
  original: AnyMethod,
): AnyMethod {
  return function (this: unknown, ...args) {
    const open = accessOf(channel);
    // Most calls end here: without a closure.
    return open === undefined ? original.apply(this, args) : observeTier(open, original, this, args);
  };

  function observeTier(open: OpenAccess, method: AnyMethod, self: unknown, args: unknown[]): unknown {
    return observe(
      () => method.apply(self, args),
      (value) => {
        if (READS.has(name) && hasFound(value)) open.tier ??= tier;
      },
      open,
    );
  }
}

/** Keyv swallows what its adapter throws. The adapter also has the value as text, so its size is free to know. */
function watchedAdapterMethod(channel: CacheChannel, name: string, original: AnyMethod): AnyMethod {
  return function (this: unknown, ...args) {
    const open = accessOf(channel);
    if (open === undefined) return original.apply(this, args);
    if (name === 'set') addSize(open, args[1]);
    return observe(
      () => original.apply(this, args),
      (value) => {
        if (!READS.has(name)) return;
        if (Array.isArray(value)) for (const one of value) addSize(open, one);
        else addSize(open, value);
      },
      open,
    );
  };
}

/** Adapters that swallow their own errors tell them in an event. */
function watchErrors(channel: CacheChannel, store: StoreShape): (() => void)[] {
  if (typeof (store as { emit?: unknown }).emit !== 'function') return [];
  return [
    replaceMethod(
      store,
      'emit',
      (original) =>
        function (this: unknown, ...args) {
          if (args[0] === 'error') errorEmitted(channel, args[1]);
          return original.apply(this, args);
        },
    ),
  ];
}

function errorEmitted(channel: CacheChannel, error: unknown): void {
  try {
    const outlet = channel.pick();
    const scope = outlet?.sink.scope();
    if (outlet === undefined || scope === undefined) return;
    const { access } = scope;
    // A connection emits in the context of the access that opened it, long after that has ended.
    if (access instanceof OpenAccess && !access.hasEnded) access.storeFailed(error);
    else recordStoreFailure(outlet, scope.recorder, 'connection', error);
  } catch (own) {
    channel.failed('cache store', own);
  }
}

/**
 * The access that a store is asked for: the first call of a store is synchronous; later ones, and those of caches that
 * can fail, are known by their context.
 */
function accessOf(channel: CacheChannel): OpenAccess | undefined {
  const { current, hasFrames, hasNulls } = channel;
  if (current instanceof OpenAccess && (hasFrames || hasNulls || current.operation === 'wrap'))
    return current;
  if (!hasFrames) return undefined;
  const access = channel.pick()?.sink.scope()?.access;
  return access instanceof OpenAccess && access.channel === channel ? access : undefined;
}

function observe(work: () => unknown, succeeded: (value: unknown) => void, open: OpenAccess): unknown {
  let result: unknown;
  try {
    result = work();
  } catch (error) {
    open.storeFailed(error);
    throw error;
  }
  return observeResult(result, succeeded, (error) => {
    open.storeFailed(error);
  });
}

function hasFound(value: unknown): boolean {
  return Array.isArray(value) ? value.some((one) => one !== undefined) : value !== undefined;
}

function addSize(open: OpenAccess, value: unknown): void {
  if (typeof value === 'string') open.sized(value.length);
}
