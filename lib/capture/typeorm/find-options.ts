import type { SelectQueryBuilderShape } from './typeorm-shapes.js';

const MAX_NAMES = 32;
const MAX_DEPTH = 5;

/** Property names in a find's `where`, dotted when nested: `{ author: { id: 1 } }` gives `author.id`. Values are not read. */
export function whereNames(where: unknown): readonly string[] {
  const names = new Set<string>();
  for (const branch of Array.isArray(where) ? where : [where]) collect(branch, '', 0, names);
  return [...names];
}

function collect(branch: unknown, prefix: string, depth: number, names: Set<string>): void {
  if (typeof branch !== 'object' || branch === null || depth > MAX_DEPTH) return;
  for (const key of Object.keys(branch)) {
    if (names.size >= MAX_NAMES) return;
    // Entities may stand here as well, and reading a lazy accessor of one sends a statement.
    const value: unknown = Object.getOwnPropertyDescriptor(branch, key)?.value;
    if (value === undefined) continue;
    if (isPlainObject(value)) collect(value, `${prefix}${key}.`, depth + 1, names);
    else names.add(prefix + key);
  }
}

/** Find operators, dates and entities have classes of their own: they are values here. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Query builders that were made by a `find*` without any option; others are told by their options. */
export type BareFinds = WeakSet<object>;

/** True for a query builder that a `find*` made. */
export function isFind(builder: SelectQueryBuilderShape, bareFinds: BareFinds): boolean {
  for (const _option in builder.findOptions) return true;
  return bareFinds.has(builder);
}
