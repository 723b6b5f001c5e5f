/** Which span a statement has. Present where somebody traces. */
export interface SpanIdentity {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** W3C's: 1 where the trace is sampled. */
  readonly traceFlags: number;
}

/** @see https://www.w3.org/TR/trace-context/ */
export function traceparent({ traceId, spanId, traceFlags }: SpanIdentity): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
