import { context, type Context, type Span } from '@opentelemetry/api';
import { rounded } from '../record/rounded.js';
import type { LiveWork, WorkEnd, WorkStart } from '../record/live-tracer.js';
import { DissolvingContext } from './dissolving-context.js';
import { errorType } from './error-type.js';
import { Enclosing } from './own-context.js';
import { OWN } from './semconv.js';
import { failSpan, failUnit } from './span-error.js';

/** The span of work that is no statement. */
export class WorkSpan implements LiveWork {
  readonly enclosing: Enclosing;
  private readonly context: DissolvingContext;

  constructor(
    readonly span: Span,
    around: Context,
    private readonly offsetMs: number,
    private readonly start: WorkStart,
  ) {
    this.enclosing = new Enclosing(around, span);
    this.context = new DissolvingContext(around, span, false);
  }

  run<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  end(end: WorkEnd): void {
    const { span } = this;
    this.context.isOver = true;
    if (span.isRecording()) this.describe(end);
    span.end(this.offsetMs + end.clockMs);
  }

  private describe({ clockMs, error, rows, statements, outcome, idleMs }: WorkEnd): void {
    const { span, start } = this;
    const durationMs = clockMs - start.clockMs;
    if (start.kind === 'unit') span.updateName(start.unit.name);
    if (rows !== undefined) span.setAttribute(OWN.rows, rows);
    if (statements !== undefined) span.setAttribute(OWN.statements, statements);
    if (outcome !== undefined) span.setAttribute(OWN.outcome, outcome);
    if (idleMs !== undefined && durationMs > 0)
      span.setAttribute(OWN.idleShare, rounded(idleMs / durationMs));
    if (error === undefined) return;
    if (start.kind === 'unit') failUnit(span, errorType(error));
    else failSpan(span, error);
  }
}
