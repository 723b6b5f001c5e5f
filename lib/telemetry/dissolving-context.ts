import { createContextKey, trace, type Context, type Span } from '@opentelemetry/api';

/** OpenTelemetry's SDK makes no spans where this is set. The key is a registered symbol, so no SDK is needed to know it. */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
/** Leads out of a context where other instrumentations are silent. */
const OPEN = createContextKey('nestjs-query-lens open context');
const SPAN = spanKey();

/**
 * The context of work that is running: its span is active, and other instrumentations are silent if it says so. When the
 * work is over it becomes the context around it. A socket that was opened meanwhile keeps its context for ever, and
 * what runs there later must see neither this span nor the silence.
 */
export class DissolvingContext implements Context {
  isOver = false;
  private open: Context | undefined;

  constructor(
    private readonly around: Context,
    private readonly span: Span,
    private readonly isQuiet: boolean,
  ) {}

  getValue(key: symbol): unknown {
    if (this.isOver) return this.around.getValue(key);
    if (key === SPAN) return this.span;
    if (this.isQuiet && key === SUPPRESS_TRACING) return true;
    if (this.isQuiet && key === OPEN) return (this.open ??= trace.setSpan(this.around, this.span));
    return this.around.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.isOver ? this.around.setValue(key, value) : new Layer(this, this, key, value);
  }

  deleteValue(key: symbol): Context {
    return this.setValue(key, undefined);
  }

  /** What is left of a layer that somebody put on it. */
  rest(): Context | undefined {
    return this.isOver && this.isQuiet ? this.around : undefined;
  }
}

/** One more value. What silenced instrumentations put here goes with the silence. */
class Layer implements Context {
  constructor(
    private readonly base: DissolvingContext,
    private readonly below: Context,
    private readonly key: symbol,
    private readonly value: unknown,
  ) {}

  getValue(key: symbol): unknown {
    const rest = this.base.rest();
    if (rest !== undefined) return rest.getValue(key);
    return key === this.key ? this.value : this.below.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.base.rest()?.setValue(key, value) ?? new Layer(this.base, this, key, value);
  }

  deleteValue(key: symbol): Context {
    return this.setValue(key, undefined);
  }
}

/** The context around a span and the span: what `trace.setSpan` gives, without a copy of everything that is in it. */
export class SpanContext implements Context {
  constructor(
    private readonly around: Context,
    private readonly span: Span,
  ) {}

  getValue(key: symbol): unknown {
    return key === SPAN ? this.span : this.around.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return trace.setSpan(this.around, this.span).setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return trace.setSpan(this.around, this.span).deleteValue(key);
  }
}

/** The context to begin own spans in: the active one, without the silence that is meant for others. */
export function openContext(active: Context): Context {
  return (active.getValue(OPEN) as Context | undefined) ?? active;
}

/** The API does not say where it keeps the active span, but shows it to a context that is asked to keep one. */
function spanKey(): symbol | undefined {
  const keys: symbol[] = [];
  const probe: Context = {
    getValue: () => undefined,
    setValue: (key) => {
      keys.push(key);
      return probe;
    },
    deleteValue: () => probe,
  };
  trace.setSpan(probe, trace.wrapSpanContext({ traceId: '', spanId: '', traceFlags: 0 }));
  return keys[0];
}
