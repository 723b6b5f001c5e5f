/** What is used of Nest's `Logger`. */
export interface Log {
  error(message: unknown): void;
  warn(message: unknown): void;
  log(message: unknown): void;
}

/** A line that leads to its trace, where there is one. */
export function withTrace(line: string, traceId: string | undefined): string {
  return traceId === undefined ? line : `${line} trace ${traceId}`;
}
