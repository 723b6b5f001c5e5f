/** Values looked at inside of one column: JSON documents may be large. */
const MAX_VALUES = 500;
const NUMBER_BYTES = 8;

/** About how long a column's value is as text or bytes. Own data properties only: nothing of the host runs. */
export function byteSize(value: unknown): number {
  const waiting: unknown[] = [value];
  let bytes = 0;
  for (let seen = 0; waiting.length > 0 && seen < MAX_VALUES; seen++) {
    const next = waiting.pop();
    if (typeof next === 'string') bytes += next.length;
    else if (ArrayBuffer.isView(next)) bytes += next.byteLength;
    else if (typeof next === 'object' && next !== null && !(next instanceof Date))
      bytes += open(next, waiting);
    else if (next !== null && next !== undefined) bytes += NUMBER_BYTES;
  }
  return bytes;
}

/** Puts what the object holds on the pile; answers the length of its keys. */
function open(object: object, pile: unknown[]): number {
  let bytes = 0;
  const isList = Array.isArray(object);
  for (const key of Object.keys(object).slice(0, MAX_VALUES)) {
    const own = Object.getOwnPropertyDescriptor(object, key);
    if (own === undefined || !('value' in own)) continue;
    bytes += isList ? 1 : key.length;
    pile.push(own.value);
  }
  return bytes;
}
