import type { Steps } from './report/steps.js';

/** Then requests that came meanwhile have their turn. */
const SLICE_MS = 10;

/** Runs long work without keeping the event loop for as long; what is short runs through. */
export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let startedMs = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - startedMs < SLICE_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    startedMs = performance.now();
  }
}
