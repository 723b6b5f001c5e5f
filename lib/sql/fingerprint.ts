/**
 * 16 hexadecimal digits for a text: two 32-bit hashes with different multipliers, mixed into each other at the end. For
 * telling statements apart, not for secrets.
 */
export function fingerprint(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  const first = scramble(high, low);
  return hexadecimal(first) + hexadecimal(scramble(low, first));
}

function scramble(value: number, other: number): number {
  const mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b) ^ Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function hexadecimal(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
