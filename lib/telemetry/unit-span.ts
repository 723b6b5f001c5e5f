import { context, type Context, type Span } from '@opentelemetry/api';
import { rounded } from '../record/rounded.js';
import type { LiveWork, WorkEnd } from '../record/live-tracer.js';
import type { UnitRecorder } from '../record/unit-recorder.js';
import { routeOf } from './route-of.js';
import { OWN, SEMCONV } from './semconv.js';
import { servedRequest } from './server-span.js';
import { failUnit } from './span-error.js';
import type { Totals } from './unit-totals.js';
import type { WorkSpan } from './work-span.js';

/** From this status on it was the server that failed, by the convention. */
const SERVER_FAILED = 500;

/** The span of a unit of work: that of the server which received the request, or one of its own. Ends with a summary. */
export class UnitSpan implements LiveWork {
  readonly traceId: string;

  constructor(
    private readonly span: Span,
    private readonly own: WorkSpan | undefined,
    /** What its work runs in where the span is another's. */
    private readonly around: Context,
    private readonly unit: UnitRecorder,
    private readonly totals: Totals,
  ) {
    this.traceId = span.spanContext().traceId;
  }

  run<T>(work: () => T): T {
    return this.own === undefined ? context.with(this.around, work) : this.own.run(work);
  }

  end(end: WorkEnd): void {
    this.nameRequest();
    if (this.span.isRecording()) this.describe();
    if (this.own !== undefined) this.describeAnswer();
    this.own?.end(end);
  }

  private describe(): void {
    const { span, unit, totals } = this;
    span.setAttribute(OWN.unitKind, unit.kind);
    span.setAttribute(OWN.unitName, unit.name);
    span.setAttribute(OWN.queries, totals.queries);
    span.setAttribute(OWN.dbTimeMs, rounded(totals.dbTimeMs));
    span.setAttribute(OWN.rows, totals.rows);
    span.setAttribute(OWN.findings, totals.findings);
  }

  /** Of a request that nobody else has a span for. */
  private describeAnswer(): void {
    const { span, unit } = this;
    if (unit.status === undefined) return;
    span.setAttribute(SEMCONV.httpStatus, unit.status);
    if (unit.status >= SERVER_FAILED) failUnit(span, String(unit.status));
  }

  /** Instrumentations of HTTP servers know no routes: theirs are called `GET`, unless that of the framework, or we, tell them. */
  private nameRequest(): void {
    const route = this.own === undefined ? routeOf(this.unit) : undefined;
    if (route === undefined) return;
    const request = servedRequest(this.around);
    if (request?.type === 'http') request.route ??= route;
  }
}
