import type { HandlerEntry } from './handler-entry.js';
import type { RunningUnit } from './running-unit.js';

/** One application, as its wrapped methods know it. */
export interface Observer {
  /** Begins a unit of work around a function, unless one is running. */
  observe<T>(name: string, work: () => T): T;
  /** The same around a method that Nest calls; `entry` says what it is, and undefined that it is nothing. */
  handle<T>(entry: () => HandlerEntry | undefined, work: () => T): T;
  /** Around a method that answers an HTTP request: with its result, the response begins to be written. */
  answer<T>(work: () => T): T;
  /** The unit that the running code belongs to; not `bootstrap` and `background`. */
  current(): Pick<RunningUnit, 'batchLazyLoads' | 'handledBy'> | undefined;
}
