/**
 * At most `maximum` items spread over the whole list, first and last included, the others by chance: code that reads only
 * one row of each list is then caught sooner or later.
 */
export function pickEvenly<T>(items: readonly T[], maximum: number, random: () => number): readonly T[] {
  if (items.length <= maximum) return items;
  if (maximum <= 0) return [];
  const step = items.length / maximum;
  return Array.from({ length: maximum }, (_, at) => {
    const index = at === 0 ? 0 : at === maximum - 1 ? items.length - 1 : Math.floor((at + random()) * step);
    return items[index] as T;
  });
}
