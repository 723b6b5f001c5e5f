import type { FoldedKey, KeyPatterns } from '../key-patterns.js';

/** Keys of one pattern in one call: the first of them, and their places in the call. */
export type KeyGroup = FoldedKey;

/** Keys of one call that are looked at. */
const MAX_KEYS = 500;
/** Patterns of one call that are told apart; further keys count for the last of them. */
const MAX_GROUPS = 20;

/** The keys of one call, by their patterns. */
export function groupsOf(patterns: KeyPatterns, keys: readonly unknown[]): readonly KeyGroup[] {
  if (keys.length === 1) return [patterns.fold(keys[0])];
  const groups = new Map<string, KeyGroup & { readonly indexes: number[] }>();
  let last: (KeyGroup & { readonly indexes: number[] }) | undefined;
  for (const [index, key] of keys.slice(0, MAX_KEYS).entries()) {
    const folded = patterns.fold(key);
    const known = groups.get(folded.pattern) ?? (groups.size < MAX_GROUPS ? undefined : last);
    if (known === undefined) groups.set(folded.pattern, (last = { ...folded, indexes: [index] }));
    else known.indexes.push(index);
  }
  return groups.size > 0 ? [...groups.values()] : EVERYTHING;
}

/** `clear()` names no key. */
const EVERYTHING: readonly KeyGroup[] = [{ pattern: '', digest: 0, indexes: [] }];
