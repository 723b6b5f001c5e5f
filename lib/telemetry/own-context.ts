import { context, trace, type Context, type Span } from '@opentelemetry/api';
import { openContext } from './dissolving-context.js';

/** Where new spans belong: the context of the running code. */
export function currentContext(): Context {
  return openContext(context.active());
}

/** A span around others that the running code may not know of: a transaction lies between two calls. */
export class Enclosing {
  readonly context: Context;

  constructor(
    around: Context,
    readonly span: Span,
    /** The span that was active when it began. */
    private readonly origin: Span | undefined = trace.getSpan(around),
  ) {
    this.context = trace.setSpan(around, span);
  }

  /** What begins where this began belongs to it; what begins inside of another span belongs there. */
  parentFor(around: Context): Context {
    return trace.getSpan(around) === this.origin ? this.context : around;
  }
}
