/** Three decimals: a microsecond, where the figure is in milliseconds. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
