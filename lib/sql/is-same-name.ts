/** Databases fold names that are not quoted: people's SQL differs from the catalog, or from the entities, in case only. */
export function isSameName(one: string, other: string): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase();
}
