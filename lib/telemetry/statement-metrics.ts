import type { Attributes, Context, Span } from '@opentelemetry/api';
import type { LiveStatement, StatementEnd } from '../record/live-tracer.js';
import type { SpanIdentity } from '../record/span-identity.js';
import { SpanContext } from './dissolving-context.js';
import { errorType } from './error-type.js';
import type { Measurement, MeasurementQueue } from './measurement-queue.js';
import type { Instruments } from './instruments.js';
import { SEMCONV } from './semconv.js';

/** Counts a statement when it has ended, beside its span where it has one. */
export class MeasuredStatement implements LiveStatement, Measurement {
  private ended: StatementEnd | undefined;

  constructor(
    private readonly queue: MeasurementQueue,
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
    if (this.ended !== undefined) return;
    this.ended = end;
    this.queue.add(this);
  }

  record({ duration, rows }: Instruments): void {
    const { ended, span, around } = this;
    if (ended === undefined) return;
    const { clockMs, rowsReturned, error } = ended;
    const attributes =
      error === undefined ? this.attributes : { ...this.attributes, [SEMCONV.errorType]: errorType(error) };
    // With its span, which an SDK may keep as an example of the value.
    const where = span === undefined ? around : new SpanContext(around, span);
    if (this.hasDuration) duration.record((clockMs - this.startMs) / 1_000, attributes, where);
    if (rowsReturned !== undefined) rows.record(rowsReturned, attributes, where);
  }
}
