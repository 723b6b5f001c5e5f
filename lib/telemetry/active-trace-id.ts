import { isSpanContextValid, trace } from '@opentelemetry/api';

/** Of the span that is active now; undefined without one, or without an OpenTelemetry SDK. */
export function activeTraceId(): string | undefined {
  const context = trace.getActiveSpan()?.spanContext();
  return context !== undefined && isSpanContextValid(context) ? context.traceId : undefined;
}
