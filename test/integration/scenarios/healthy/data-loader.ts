/** The smallest DataLoader: the keys of one tick are read together. */
export function dataLoader<K, V>(
  batch: (keys: readonly K[]) => Promise<readonly V[]>,
): (key: K) => Promise<V> {
  const cache = new Map<K, Promise<V>>();
  let waiting: { key: K; resolve: (value: V) => void; reject: (error: unknown) => void }[] = [];
  const flush = () => {
    const now = waiting;
    waiting = [];
    batch(now.map(({ key }) => key)).then(
      (values) => {
        for (const [index, { resolve }] of now.entries()) resolve(values[index] as V);
      },
      (error: unknown) => {
        for (const { reject } of now) reject(error);
      },
    );
  };
  return (key) => {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const value = new Promise<V>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ key, resolve, reject });
    });
    cache.set(key, value);
    return value;
  };
}
