/** Milliseconds in a sentence, without decimals below a second: `840 ms`, `3.2 s`. */
export function timeText(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
