import { displayWidth } from './display-width.js';

/** The text in at most `width` columns, its end replaced by `…` where it is longer. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [kept, used] = ['', 1];
  for (const character of text) {
    used += displayWidth(character);
    if (used > width) break;
    kept += character;
  }
  return width < 1 ? '' : `${kept}…`;
}
