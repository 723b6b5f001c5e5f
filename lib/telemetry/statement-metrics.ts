import type { Attributes, Context, Span } from '@opentelemetry/api';
import type { LiveStatement, StatementEnd } from '../record/live-tracer.js';
import type { SpanIdentity } from '../record/span-identity.js';
import { SpanContext } from './dissolving-context.js';
import { errorType } from './error-type.js';
import type { Instruments } from './metrics.js';
import { SEMCONV } from './semconv.js';

/** Counts a statement when it has ended, beside its span where it has one. */
export class MeasuredStatement implements LiveStatement {
  constructor(
    private readonly instruments: Instruments,
    private readonly attributes: Attributes,
    private readonly startMs: number,
    private readonly around: Context,
    /** The span and its bearer. */
    private readonly inner: LiveStatement | undefined,
    private readonly span: Span | undefined,
    private readonly hasDuration: boolean,
  ) {}

  get identity(): SpanIdentity | undefined {
    return this.inner?.identity;
  }

  run<T>(work: () => T): T {
    return this.inner === undefined ? work() : this.inner.run(work);
  }

  end(end: StatementEnd): void {
    this.inner?.end(end);
    const { instruments, span, around } = this;
    const attributes =
      end.error === undefined
        ? this.attributes
        : { ...this.attributes, [SEMCONV.errorType]: errorType(end.error) };
    // With its span, which an SDK may keep as an example of the value.
    const where = span === undefined ? around : new SpanContext(around, span);
    if (this.hasDuration)
      instruments.duration.record((end.clockMs - this.startMs) / 1_000, attributes, where);
    if (end.rowsReturned !== undefined) instruments.rows.record(end.rowsReturned, attributes, where);
  }
}
