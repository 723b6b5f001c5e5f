import { context, type Context, type Span } from '@opentelemetry/api';
import type { LiveWork, WorkEnd } from '../record/live-tracer.js';
import { OWN } from './semconv.js';
import type { Totals } from './unit-totals.js';
import type { WorkSpan } from './work-span.js';

/** The span of a unit of work: that of the server which received the request, or one of its own. Ends with a summary. */
export class UnitSpan implements LiveWork {
  readonly traceId: string;

  constructor(
    private readonly span: Span,
    private readonly own: WorkSpan | undefined,
    /** What its work runs in where the span is another's. */
    private readonly around: Context,
    private readonly totals: Totals,
  ) {
    this.traceId = span.spanContext().traceId;
  }

  run<T>(work: () => T): T {
    return this.own === undefined ? context.with(this.around, work) : this.own.run(work);
  }

  end(end: WorkEnd): void {
    const { span, totals } = this;
    if (span.isRecording()) {
      span.setAttribute(OWN.queries, totals.queries);
      span.setAttribute(OWN.dbTimeMs, Math.round(totals.dbTimeMs * 1_000) / 1_000);
      span.setAttribute(OWN.rows, totals.rows);
      span.setAttribute(OWN.findings, totals.findings);
    }
    this.own?.end(end);
  }
}
