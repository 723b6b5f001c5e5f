/**
 * An entity as plain data: its class, its own columns, and what is loaded of its relations. Nobody has promised an order
 * for what is joined to an entity, so that is sorted.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  const own = Object.keys(value)
    .filter((key) => !key.startsWith('__'))
    .sort()
    .map((key) => [key, sorted(plain((value as Record<string, unknown>)[key]))]);
  return { class: value.constructor.name, ...(Object.fromEntries(own) as object) };
}

function sorted(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value
    .map((item) => [JSON.stringify(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item as unknown);
}
