import { countText } from './count-text.js';

/** Bytes for people: `640 bytes`, `12 kB`, `3.4 MB`. */
export function byteText(bytes: number): string {
  if (bytes < 1_000) return `${countText(bytes)} bytes`;
  if (bytes < 999_500) return `${short(bytes / 1_000)} kB`;
  return `${short(bytes / 1_000_000)} MB`;
}

/** One decimal below ten, none above. */
function short(value: number): string {
  const tenths = Math.round(value * 10) / 10;
  return tenths < 10 ? String(tenths) : countText(value);
}
