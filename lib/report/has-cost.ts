import type { Finding } from '../analysis/finding.js';

/** An index that is missing, or too much, is no cost of one unit of work. */
export function hasCost({ cost: { statements, rows, timeMs } }: Finding): boolean {
  return statements > 0 || rows > 0 || timeMs > 0;
}
