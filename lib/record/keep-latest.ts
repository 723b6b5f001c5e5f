/** Makes an entry the latest of a map; with more than `maximum` entries, the one that was kept longest ago gives way. */
export function keepLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, maximum: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= maximum) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
