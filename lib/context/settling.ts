/** What a unit of work does about the result of its function. */
export interface Settling {
  /** Runs what happens later, like a subscription, inside the unit. */
  resume<R>(work: () => R): R;
  /** Takes every value that is given to the caller. */
  returned(value: unknown): void;
  /** The result is a stream: it may last, or nobody may ever want it. */
  lasts(): void;
  /** It has really ended. */
  done(failure?: Failure): void;
}

/** What was thrown, which may be anything. */
export interface Failure {
  readonly error: unknown;
}
