const MAX_DEPTH = 20;

/** Whether two column values are the same: dates by time, bytes by content, objects (JSON, transformers) by their own values. */
export function sameValue(a: unknown, b: unknown, depth = 0): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || depth > MAX_DEPTH) return false;
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && Object.is(a.getTime(), b.getTime());
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  if (a instanceof Map || a instanceof Set || b instanceof Map || b instanceof Set)
    return (
      Object.getPrototypeOf(a) === Object.getPrototypeOf(b) &&
      sameValue([...(a as Set<unknown>)], [...(b as Set<unknown>)], depth + 1)
    );
  const [left, right] = [dataOf(a), dataOf(b)];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.size === right.size &&
    [...left].every(([key, value]) => right.has(key) && sameValue(value, right.get(key), depth + 1))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** No accessor runs. */
function dataOf(value: object): ReadonlyMap<string, unknown> {
  const data = new Map<string, unknown>();
  for (const key of Object.keys(value)) {
    const own = Object.getOwnPropertyDescriptor(value, key);
    if (own !== undefined && 'value' in own) data.set(key, own.value);
  }
  return data;
}
