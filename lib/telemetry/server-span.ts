import { createContextKey, trace, type Context, type Span } from '@opentelemetry/api';

/** Where instrumentations of HTTP servers keep their span, below which those of frameworks begin and end their own. */
const RPC_METADATA = createContextKey('OpenTelemetry SDK Context Key RPC_METADATA');

/** What such an instrumentation keeps there. Whoever knows the route writes it down, and span and metric are named by it. */
export interface ServedRequest {
  readonly type?: string;
  readonly span?: Span;
  route?: string;
}

/** The request that is being answered, where an instrumentation of its server says so. */
export function servedRequest(around: Context): ServedRequest | undefined {
  return around.getValue(RPC_METADATA) as ServedRequest | undefined;
}

/** The span of the request that is being answered, else the one that is active. */
export function serverSpan(around: Context): Span | undefined {
  return servedRequest(around)?.span ?? trace.getSpan(around);
}
