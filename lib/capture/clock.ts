/**
 * The monotonic clock, in milliseconds. Bound when the package is loaded: a host that puts a clock of its own in its place
 * (fake timers, a broken polyfill) neither breaks observation nor falsifies it.
 */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Milliseconds since the epoch. Bound for the same reason. */
export const epochMs: () => number = Date.now.bind(Date);
