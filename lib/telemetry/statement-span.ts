import { resolve } from 'node:path';
import { context, isSpanContextValid, type Context, type Span } from '@opentelemetry/api';
import { rounded } from '../record/rounded.js';
import type { CallSite } from '../record/call-site.js';
import type { LiveStatement, StatementEnd, StatementStart } from '../record/live-tracer.js';
import type { SpanIdentity } from '../record/span-identity.js';
import type { CapturedStack } from '../record/unit-recorder.js';
import { DissolvingContext } from './dissolving-context.js';
import { OWN, PARAMETER_PREFIX, SEMCONV } from './semconv.js';
import { failSpan } from './span-error.js';
import type { TelemetryOptions } from './telemetry-options.js';
import type { Totals } from './unit-totals.js';

/** What statement spans need of the application. */
export interface StatementSpanPorts {
  readonly options: TelemetryOptions;
  /** The place in the user's code that a stack leads to. */
  locate(stack: CapturedStack): CallSite | undefined;
}

/** The span of one statement, active while the driver runs. */
export class StatementSpan implements LiveStatement {
  private readonly context: DissolvingContext;

  constructor(
    readonly span: Span,
    around: Context,
    isQuiet: boolean,
    /** From the monotonic clock to the epoch, in milliseconds. */
    private readonly offsetMs: number,
    private readonly startMs: number,
    private readonly totals: Totals,
    private readonly ports: StatementSpanPorts,
  ) {
    this.context = new DissolvingContext(around, span, isQuiet);
  }

  get identity(): SpanIdentity | undefined {
    const identity = this.span.spanContext();
    // Only a span of no SDK has none.
    return this.span.isRecording() || isSpanContextValid(identity) ? identity : undefined;
  }

  run<T>(work: () => T): T {
    return context.with(this.context, work);
  }

  end(end: StatementEnd): void {
    this.context.isOver = true;
    const { span } = this;
    this.totals.ended(end.clockMs - this.startMs, end.rowsReturned);
    if (span.isRecording()) this.describe(end);
    span.end(this.offsetMs + end.clockMs);
  }

  private describe({ waitMs, rowsReturned, error, stack }: StatementEnd): void {
    const { span, ports } = this;
    if (rowsReturned !== undefined && ports.options.rowCounts)
      span.setAttribute(SEMCONV.returnedRows, rowsReturned);
    if (waitMs > 0) span.setAttribute(OWN.waitMs, rounded(waitMs));
    if (error !== undefined) failSpan(span, error);
    const site = stack && ports.locate(stack);
    if (site !== undefined) describePlace(span, site);
  }
}

/** Says of a statement what is known when it starts and no sampler asks for. */
export function describeStart(
  span: Span,
  { dataSource, server, relation, transaction, unit, parameters }: StatementStart,
  repeat: number,
  allowed: readonly string[],
): void {
  span.setAttribute(OWN.dataSource, dataSource);
  span.setAttribute(OWN.unitKind, unit.kind);
  const name = unit.unitName();
  // The route of an HTTP request is not known before it has been found.
  if (unit.kind !== 'http' || name.includes(' /')) span.setAttribute(OWN.unitName, name);
  span.setAttribute(OWN.repeat, repeat);
  if (server !== undefined) span.setAttribute(OWN.server, server);
  if (relation !== undefined) {
    span.setAttribute(OWN.relation, relation.name);
    span.setAttribute(OWN.strategy, relation.strategy);
    if (relation.parentBatchSize > 0) span.setAttribute(OWN.parentBatchSize, relation.parentBatchSize);
  }
  if (transaction !== undefined) {
    span.setAttribute(OWN.transaction, transaction.id);
    if (transaction.position !== undefined) span.setAttribute(OWN.position, transaction.position);
  }
  if (allowed.length > 0) describeParameters(span, parameters, allowed);
}

function describeParameters(span: Span, parameters: unknown, allowed: readonly string[]): void {
  const values = (parameters ?? {}) as Readonly<Record<string, unknown>>;
  for (const key of allowed)
    if (Object.hasOwn(values, key)) span.setAttribute(PARAMETER_PREFIX + key, String(values[key]));
}

function describePlace(span: Span, { file, line, function: name }: CallSite): void {
  span.setAttribute(SEMCONV.functionName, name);
  span.setAttribute(SEMCONV.filePath, resolve(file));
  span.setAttribute(SEMCONV.lineNumber, line);
}
