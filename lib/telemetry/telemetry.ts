import { ROOT_CONTEXT, SpanKind, trace, type Context, type Tracer } from '@opentelemetry/api';
import type { AnalysedUnit } from '../analysis/detector.js';
import type { Finding } from '../analysis/finding.js';
import type {
  ConnectionUse,
  ConnectionWait,
  LiveStatement,
  LiveTracer,
  LiveWork,
  StatementStart,
  UnitWorkStart,
  WorkStart,
} from '../record/live-tracer.js';
import type { PoolReading } from '../record/pool-reading.js';
import { ConnectionMetrics } from './connection-metrics.js';
import { KnownServers } from './known-servers.js';
import { CountedStatement } from './counted-statement.js';
import { describeWork } from './describe-work.js';
import { KeyWords } from './key-words.js';
import { KnownFindings } from './known-findings.js';
import { findingRecord, logUnit } from './log-unit.js';
import { LoggerSource, type Logger } from './logger-source.js';
import { measureUnit } from './measure-unit.js';
import type { MeasurementQueue } from './measurement-queue.js';
import { MeterSource } from './meter-source.js';
import { PoolMetrics } from './pool-metrics.js';
import { currentContext } from './own-context.js';
import { serverSpan } from './server-span.js';
import { failSpan } from './span-error.js';
import { MeasuredStatement } from './statement-metrics.js';
import { commonAttributes, StatementShapes, type StatementShape } from './statement-shapes.js';
import { statementTags } from './statement-tags.js';
import { describeStart, StatementSpan, type StatementSpanPorts } from './statement-span.js';
import { TracerSource } from './tracer-source.js';
import { traceUnit } from './trace-unit.js';
import { withoutTypeormSpans } from './typeorm-instrumentation.js';
import { UnitPlaces } from './unit-places.js';
import { UnitSpan } from './unit-span.js';
import { UnitTotals } from './unit-totals.js';
import { WallClock } from './wall-clock.js';
import { WorkSpan } from './work-span.js';

/** The name that spans and metrics say they come from. */
export const SCOPE_NAME = 'nestjs-query-lens';

/** Shorter waits for a connection are no spans, in milliseconds. */
const SHOWN_WAIT_MS = 1;

/** What telemetry needs of the application. */
export interface TelemetryPorts extends StatementSpanPorts {
  /** From here on a statement is a log record, in milliseconds. */
  readonly slowQueryMs: number;
  /** The pools of the application now. */
  pools(): readonly PoolReading[];
}

/** Makes OpenTelemetry spans of what is seen live. Knows the API alone: what becomes of them is the application's affair. */
export class Telemetry implements LiveTracer {
  /** Which of cache keys may leave the process. */
  readonly words: KeyWords;
  private readonly source: TracerSource;
  private readonly shapes = new StatementShapes();
  private readonly totals = new UnitTotals();
  private readonly places = new UnitPlaces();
  private readonly known = new KnownFindings();
  private readonly meters: MeterSource;
  private readonly loggers: LoggerSource;
  private readonly servers = new KnownServers();
  private readonly clock = new WallClock();
  private readonly connections = new ConnectionMetrics();
  private tracer: Tracer | undefined;
  private queue: MeasurementQueue | undefined;
  /** Absent where statements get no comments. */
  readonly tags?: LiveTracer['tags'];

  constructor(
    private readonly ports: TelemetryPorts,
    version: string,
  ) {
    this.words = new KeyWords(ports.options.cacheKeyWords);
    this.source = new TracerSource(SCOPE_NAME, version);
    this.meters = new MeterSource(
      SCOPE_NAME,
      version,
      (meter, collecting) =>
        new PoolMetrics(meter, () => ports.pools(), ports.options.metrics === true, collecting),
    );
    this.loggers = new LoggerSource(SCOPE_NAME, version);
    this.tags = statementTags(ports.options.sqlComments);
  }

  get isOn(): boolean {
    return this.tracer !== undefined || this.queue !== undefined;
  }

  look(): boolean {
    const { spans, metrics } = this.ports.options;
    this.tracer = spans ? this.source.current() : undefined;
    this.queue = metrics === false ? undefined : this.meters.current();
    return this.isOn;
  }

  statement(start: StatementStart): LiveStatement | undefined {
    const { metrics } = this.ports.options;
    const { isDriverInstrumented } = start;
    this.servers.note(start);
    const { queue, tracer } = this;
    if (tracer === undefined && queue === undefined) return undefined;
    const around = currentContext();
    const shape = this.shapes.of(start);
    const bearer = tracer && this.statementSpan(tracer, start, shape, around);
    if (queue === undefined) return bearer;
    // The instrumentation of `pg` counts the same, and sums would have it twice.
    const hasDuration = metrics === true || !isDriverInstrumented || start.target.driver !== 'postgres';
    return new MeasuredStatement(
      queue,
      shape.metricAttributes,
      start.clockMs,
      around,
      bearer,
      bearer?.span,
      hasDuration,
    );
  }

  private statementSpan(
    tracer: Tracer,
    start: StatementStart,
    shape: StatementShape,
    around: Context,
  ): StatementSpan | CountedStatement {
    const { driverSpans, parameters } = this.ports.options;
    const { isDriverInstrumented, within, call, clockMs, unit } = start;
    const totals = this.totals.of(unit);
    const repeat = totals.next(shape.fingerprint);
    const known = this.known.of(shape.fingerprint, start);
    if (known !== undefined) totals.knows(known);
    if (driverSpans === 'keep' && isDriverInstrumented) return new CountedStatement(totals, clockMs);
    const parent = within instanceof WorkSpan ? within.enclosing.parentFor(around) : around;
    const offsetMs = this.clock.offset(clockMs);
    const common = shape.attributesFor(call);
    const attributes = known === undefined ? common : known.mark(common);
    const startTime = offsetMs + clockMs;
    const span = tracer.startSpan(shape.name, { kind: SpanKind.CLIENT, attributes, startTime }, parent);
    if (span.isRecording()) describeStart(span, start, repeat, parameters);
    const isQuiet = driverSpans === 'suppress' || (driverSpans === 'auto' && isDriverInstrumented);
    return new StatementSpan(span, around, isQuiet, offsetMs, clockMs, totals, this.ports);
  }

  /** What is known of a unit of work when it has been analysed: spans of its cache accesses and findings, metrics, logs. */
  readonly publish = (analysed: AnalysedUnit, found: readonly Finding[]): void => {
    const { unit } = analysed;
    this.look();
    this.words.learn(analysed);
    const findings = found.map(this.words.maskFinding);
    const { queue, tracer } = this;
    if (queue !== undefined) measureUnit(queue.instruments, unit, findings);
    const place = this.places.of(unit);
    if (tracer !== undefined) this.known.learn(findings, performance.now());
    if (tracer !== undefined && place !== undefined) traceUnit(tracer, place, analysed, findings, this.words);
    const logger = this.logger();
    if (logger !== undefined)
      logUnit({ logger, place, ...this.ports, commonOf: this.servers.attributesOf }, analysed, findings);
    queue?.pause();
  };

  /** A finding that belongs to no unit of work: it was seen just now. */
  readonly publishLive = (finding: Finding): void => {
    this.logger()?.emit(findingRecord(finding, Date.now(), ROOT_CONTEXT));
  };

  private logger(): Logger | undefined {
    return this.ports.options.logs ? this.loggers.current() : undefined;
  }

  work(start: WorkStart): LiveWork | undefined {
    const { tracer } = this;
    if (tracer === undefined) return undefined;
    return start.kind === 'unit' ? this.unit(tracer, start) : this.workSpan(tracer, start);
  }

  used(use: ConnectionUse): void {
    const { queue } = this;
    if (queue !== undefined) this.connections.used(queue, use);
  }

  /** Counting begins anew: nothing has been found so far. */
  forget(): void {
    this.known.forget();
  }

  /** The application is closing: its pools are gone. */
  readonly close = (): void => {
    this.meters.close();
  };

  waited(wait: ConnectionWait): void {
    const { target, clockMs, endMs, error } = wait;
    const { queue } = this;
    if (queue !== undefined) this.connections.waited(queue, wait);
    if (endMs - clockMs < SHOWN_WAIT_MS) return;
    const offsetMs = this.clock.offset(clockMs);
    const span = this.tracer?.startSpan(
      'connection.acquire',
      { kind: SpanKind.INTERNAL, attributes: commonAttributes(target), startTime: offsetMs + clockMs },
      currentContext(),
    );
    if (span === undefined) return;
    if (error !== undefined) failSpan(span, error);
    span.end(offsetMs + endMs);
  }

  /** The span that is active already, or one of its own. */
  private unit(tracer: Tracer, start: UnitWorkStart): LiveWork | undefined {
    const { rootSpans, driverSpans } = this.ports.options;
    const active = currentContext();
    // Statements have spans of ours, so their calls need none.
    const around = driverSpans === 'keep' ? active : withoutTypeormSpans(active);
    const server = serverSpan(around);
    const totals = this.totals.of(start.unit);
    const work = server === undefined && rootSpans ? this.workSpan(tracer, start, around) : undefined;
    const span = work?.span ?? server;
    if (span === undefined) return undefined;
    this.places.add(start.unit, trace.setSpan(around, span), this.clock.offset(start.clockMs));
    return new UnitSpan(span, work, around, start.unit, totals);
  }

  private workSpan(tracer: Tracer, start: WorkStart, around = currentContext()): WorkSpan {
    const { within, clockMs } = start;
    const parent = within instanceof WorkSpan ? within.enclosing.parentFor(around) : around;
    const offsetMs = this.clock.offset(clockMs);
    const { name, attributes } = describeWork(start);
    const startTime = offsetMs + clockMs;
    const span = tracer.startSpan(name, { kind: SpanKind.INTERNAL, attributes, startTime }, parent);
    return new WorkSpan(span, around, offsetMs, start);
  }
}
