/** A stack that has been captured and not yet been formatted. */
export interface CapturedStack {
  readonly stack?: string;
}
