import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use after garbage collection, those of buffers included: of the code that is running now, too. */
export function usedBytes(): number {
  for (let round = 0; round < 3; round++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/**
 * Bytes that stay in use. A compiler thread of V8 holds on to the closures it works at, and on a busy machine it takes its
 * time: the figure is read until it no longer falls.
 */
export async function keptBytes(): Promise<number> {
  let least = usedBytes();
  for (let steady = 0; steady < 3;) {
    await pause(50);
    const bytes = usedBytes();
    steady = bytes < least * 0.99 ? 0 : steady + 1;
    least = Math.min(least, bytes);
  }
  return least;
}

export const MEBIBYTE = 2 ** 20;
