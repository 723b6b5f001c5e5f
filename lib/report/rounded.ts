import { rounded } from '../record/rounded.js';
import type { Percentiles } from '../statistics/distribution.js';
import type { TimeSplit } from '../statistics/time-distributions.js';

/** Microseconds. */
export function roundedTime({ wait, execute, hydrate }: TimeSplit): TimeSplit {
  return { wait: rounded(wait), execute: rounded(execute), hydrate: rounded(hydrate) };
}

/** Microseconds, where the figures are in milliseconds. */
export function roundedPercentiles({ p50, p95, p99, max }: Percentiles): Percentiles {
  return { p50: rounded(p50), p95: rounded(p95), p99: rounded(p99), max: rounded(max) };
}
