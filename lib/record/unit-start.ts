import type { UnitKind } from './unit-of-work.js';

/** What is known of a unit when it begins; the name may be made more exact until it ends. */
export interface UnitStart {
  readonly id: string;
  readonly kind: UnitKind;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The same moment on the monotonic clock that records use, in milliseconds. */
  readonly clockMs: number;
}

/** A method that Nest calls, of its class. */
export interface HandlerName {
  readonly controller: string;
  readonly action: string;
}
