import { createContextKey, trace, type Context, type Span } from '@opentelemetry/api';

/** Where instrumentations of HTTP servers keep their span, below which those of frameworks begin and end their own. */
const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

/** The span of the request that is being answered, else the one that is active. */
export function serverSpan(around: Context): Span | undefined {
  const metadata = around.getValue(RPC_METADATA) as { readonly span?: Span } | undefined;
  return metadata?.span ?? trace.getSpan(around);
}
