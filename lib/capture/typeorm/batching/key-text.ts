/**
 * A key as text, equal for values that are the same key; undefined where that cannot be said. A driver may answer a
 * number as text (`bigint`), so both are the same. Null is no key: no row has it.
 */
export function keyText(values: readonly unknown[]): string | undefined {
  const parts: string[] = [];
  for (const value of values) {
    const part = partOf(value);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0] : JSON.stringify(parts);
}

/** The same for keys that a database may take for equal: it may ignore case, accents and trailing blanks. */
export function foldedKey(key: string): string {
  return key.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trimEnd();
}

function partOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof Date) return String(value.getTime());
      return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : undefined;
  }
}
