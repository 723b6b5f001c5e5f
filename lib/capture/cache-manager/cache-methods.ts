import type { AnyMethod } from '../replace-method.js';
import type { CacheChannel, RunningAccess } from './cache-channel.js';
import type { AccessResult } from './access-result.js';
import { OpenAccess, type AccessStart, type ReadResult } from './open-access.js';

type Wrap = (channel: CacheChannel, original: AnyMethod) => AnyMethod;

/** What stands in front of the methods of a cache, in every version; those that a cache lacks are left out. */
export const cacheMethods: Readonly<Record<string, Wrap>> = {
  get: observed(([key]) => ({ operation: 'get', keys: [key] }), lookUp),
  ttl: observed(([key]) => ({ operation: 'ttl', keys: [key] }), lookUp),
  mget: observed(
    (args) => ({ operation: 'mget', keys: keysIn(args) }),
    (values) => ({
      outcome: 'hit',
      found: ({ indexes }) =>
        Array.isArray(values) ? indexes.filter((index) => isFound((values as unknown[])[index])).length : 0,
    }),
  ),
  set: observed(
    ([key, value, ttl], channel) => ({
      operation: 'set',
      keys: [key],
      ttlMs: ttlOf(ttl) ?? channel.defaultTtlMs,
      bytes: sizeOf(value),
    }),
    () => ({ outcome: 'set' }),
  ),
  mset: observed(
    ([list, ttl], channel) => ({
      operation: 'mset',
      keys: entriesIn(list).map(({ key }) => key),
      ttlMs: ttlOf(ttl) ?? ttlOf(entriesIn(list)[0]?.ttl) ?? channel.defaultTtlMs,
    }),
    () => ({ outcome: 'set' }),
  ),
  del: observed(
    ([key]) => ({ operation: 'del', keys: [key] }),
    () => ({ outcome: 'delete' }),
  ),
  mdel: observed(
    (args) => ({ operation: 'mdel', keys: keysIn(args) }),
    () => ({ outcome: 'delete' }),
  ),
  clear: observed(
    () => ({ operation: 'clear', keys: [] }),
    () => ({ outcome: 'delete' }),
  ),
  /** 5. */
  reset: observed(
    () => ({ operation: 'clear', keys: [] }),
    () => ({ outcome: 'delete' }),
  ),
  wrap: observedWrap,
};

function observed(
  describe: (args: readonly unknown[], channel: CacheChannel) => AccessStart,
  read: ReadResult,
): Wrap {
  return (channel, original) =>
    function (this: unknown, ...args) {
      const open = begin(channel, describe, args);
      return open === undefined ? original.apply(this, args) : open.call(original, this, args, read);
    };
}

/** Arguments that make no sense are the host's affair. */
function begin(
  channel: CacheChannel,
  describe: (args: readonly unknown[], channel: CacheChannel) => AccessStart,
  args: readonly unknown[],
): OpenAccess | undefined {
  try {
    return OpenAccess.begin(channel, describe(args, channel));
  } catch (error) {
    channel.failed('cache access', error);
    return undefined;
  }
}

/** Calls of `wrap` that are remembered while they run. */
const MAX_WRAPS = 1_000;

/**
 * `wrap` says nothing of a hit, so the function it was given tells: where it was not called, the value was found, or
 * another caller of the same key was waited for.
 */
function observedWrap(channel: CacheChannel, original: AnyMethod): AnyMethod {
  return function wrap(this: unknown, key, work, ...rest) {
    const open = typeof work === 'function' ? begin(channel, describeWrap, [key, rest[0]]) : undefined;
    if (open === undefined) return original.call(this, key, work, ...rest);
    const { wraps } = channel;
    const name = String(key);
    const leader = wraps.get(name);
    if (leader === undefined && wraps.size < MAX_WRAPS) wraps.set(name, open);
    const compute = (...args: unknown[]) => open.compute(() => (work as AnyMethod)(...args));
    return open.call(
      original,
      this,
      [key, compute, ...rest],
      () => {
        if (wraps.get(name) === open) wraps.delete(name);
        return wrapResult(open, leader);
      },
      () => wraps.get(name) === open && wraps.delete(name),
    );
  };
}

function describeWrap([key, option]: readonly unknown[], channel: CacheChannel): AccessStart {
  return { operation: 'wrap', keys: [key], ttlMs: ttlOfWrap(option, channel) };
}

function wrapResult(open: OpenAccess, leader: RunningAccess | undefined): AccessResult {
  if (open.isComputed) return { outcome: 'miss' };
  if (open.hasRefreshed) return { outcome: 'stale', found: oneFound };
  return leader?.isComputed === true
    ? { outcome: 'coalesced', found: noneFound }
    : { outcome: 'hit', found: oneFound };
}

const oneFound = () => 1;
const noneFound = () => 0;

/** A null is a value in cache-manager 7 and a miss in 6: the store that answered knows. */
function lookUp(value: unknown, open: OpenAccess): AccessResult {
  if (value === undefined) return MISS;
  if (value !== null) return HIT;
  open.channel.hasNulls = true;
  return open.tier === undefined ? MISS : { outcome: 'hit', isNull: true };
}

const HIT: AccessResult = { outcome: 'hit' };
const MISS: AccessResult = { outcome: 'miss' };

function isFound(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** From 6 a list; in 5 the arguments themselves. */
function keysIn(args: readonly unknown[]): readonly unknown[] {
  const [first] = args;
  return Array.isArray(first) ? (first as unknown[]) : args;
}

/** From 6 objects; in 5 pairs. */
function entriesIn(list: unknown): readonly { readonly key: unknown; readonly ttl?: unknown }[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: unknown) =>
    Array.isArray(entry) ? { key: entry[0] as unknown } : (entry as { key: unknown; ttl?: unknown }),
  );
}

function ttlOf(ttl: unknown): number | undefined {
  return typeof ttl === 'number' && Number.isFinite(ttl) && ttl > 0 ? ttl : undefined;
}

/** A number, a function of the value (not called twice), or options. */
function ttlOfWrap(option: unknown, channel: CacheChannel): number | undefined {
  const ttl = typeof option === 'object' && option !== null ? (option as { ttl?: unknown }).ttl : option;
  return ttlOf(ttl) ?? (ttl === undefined ? channel.defaultTtlMs : undefined);
}

/** Free to know for texts and buffers only. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === 'string') return value.length;
  return ArrayBuffer.isView(value) ? value.byteLength : undefined;
}
