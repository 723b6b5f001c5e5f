/**
 * The first characters of a text, as a text of its own: in V8 a slice keeps the whole text it was cut from alive.
 * Lengths are in UTF-16 code units.
 */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : structuredClone(text.slice(0, maxLength));
}
