import { createContextKey, type Context } from '@opentelemetry/api';

/**
 * Where this is set, `@opentelemetry/instrumentation-typeorm` makes no spans of calls; nobody else looks at it. The key is a
 * registered symbol, as all of OpenTelemetry's are.
 */
const SUPPRESS_TYPEORM = createContextKey(
  'instrumentation-typeorm Context Key SUPPRESS_TYPEORM_INTERNAL_TRACING',
);

/** The same context, in which that instrumentation is silent. */
export function withoutTypeormSpans(around: Context): Context {
  return around.setValue(SUPPRESS_TYPEORM, true);
}
