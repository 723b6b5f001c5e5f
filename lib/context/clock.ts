/** As in `capture/clock.ts`: bound when the package is loaded, so that fake timers neither break nor falsify anything. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** Milliseconds since the epoch. */
export const epochMs: () => number = Date.now.bind(Date);

/** Calls back when the event loop is free. */
export const whenFree: (callback: (value?: unknown) => void) => unknown = setImmediate;
