/**
 * A load or count of the application that can be run again in other forms. Made and run by capture; kept in memory only, with the
 * parameters in it, while `verifyAdvice` is on, and never shown.
 */
export interface Replay {
  readonly kind: 'find' | 'builder' | 'count' | 'exists';
}

/** Loads of one unit of work that are kept. */
export const MAX_REPLAYS = 500;
