import type { RecordSink } from '../../record/record-sink.js';
import { replaceMethod } from '../replace-method.js';
import { CacheChannel } from './cache-channel.js';
import { cacheMethods } from './cache-methods.js';
import { cacheRegistry } from './cache-registry.js';
import { isInMemory, type CacheShape, type StoreShape } from './cache-shapes.js';
import { watchStore } from './tiers.js';

/**
 * Records every access of a cache into the sink, and what its stores swallow. Calling it again for the same sink only
 * changes the name. Answers how to undo it; the last undo puts every original back.
 */
export function instrumentCache(cache: object, sink: RecordSink, name?: string): () => void {
  const { channels } = cacheRegistry();
  const channel = channels.get(cache) ?? install(cache, channels);
  channel.claim(sink, name);
  return () => {
    channel.leave(sink);
  };
}

function install(cache: CacheShape, channels: WeakMap<object, CacheChannel>): CacheChannel {
  const stores = storesOf(cache);
  const undo: (() => void)[] = [];
  const channel = new CacheChannel(defaultTtlOf(stores[0]), () => {
    channels.delete(cache);
    for (const restore of undo) restore();
  });
  channel.hasFrames = stores.length > 1 || stores.some((store) => !isInMemory(store));
  channels.set(cache, channel);
  for (const [method, wrap] of Object.entries(cacheMethods)) {
    if (typeof (cache as Readonly<Record<string, unknown>>)[method] !== 'function') continue;
    undo.push(replaceMethod(cache, method, (original) => wrap(channel, original)));
  }
  for (const [index, store] of stores.entries()) undo.push(watchStore(channel, store, tierOf(index)));
  return channel;
}

function storesOf({ stores, store }: CacheShape): readonly StoreShape[] {
  const all: readonly unknown[] = Array.isArray(stores) ? stores : [store];
  return all.filter((one): one is StoreShape => typeof one === 'object' && one !== null);
}

/** As cache-manager calls them in its events. */
function tierOf(index: number): string {
  return index === 0 ? 'primary' : `secondary:${String(index - 1)}`;
}

function defaultTtlOf(store: StoreShape | undefined): number | undefined {
  const ttl = store?.ttl ?? store?.opts?.ttl;
  return typeof ttl === 'number' && ttl > 0 ? ttl : undefined;
}
