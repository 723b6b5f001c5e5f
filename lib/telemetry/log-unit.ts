import { ROOT_CONTEXT, trace, type Attributes, type Context } from '@opentelemetry/api';
import type { AnalysedUnit } from '../analysis/detector.js';
import type { Finding, Severity } from '../analysis/finding.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import { describeCallSite } from '../record/call-site.js';
import type { QueryError } from '../record/query-record.js';
import { maskMessage } from '../sql/mask-message.js';
import { errorType } from './error-type.js';
import type { LogRecord, Logger } from './logger-source.js';
import { OWN, SEMCONV } from './semconv.js';
import { describeFinding } from './trace-unit.js';
import type { UnitPlace } from './unit-places.js';

/** Slow and failing statements of one unit; of a loop that fails the first ones are enough. */
const MAX_STATEMENTS = 50;

const SEVERITIES = {
  error: { severityNumber: 17, severityText: 'ERROR' },
  warning: { severityNumber: 13, severityText: 'WARN' },
  info: { severityNumber: 9, severityText: 'INFO' },
} as const satisfies Record<Severity, object>;

/** What log records need to know. */
export interface UnitLog {
  readonly logger: Logger;
  readonly slowQueryMs: number;
  /** Where the unit's span is. */
  readonly place: UnitPlace | undefined;
  /** Of a data source, by name: what each of its spans says. */
  readonly commonOf: (dataSource: string) => Attributes;
}

/** A log record for each slow or failing statement, with its span, and for each finding, with the span of its unit. */
export function logUnit(log: UnitLog, { unit, queries }: AnalysedUnit, findings: readonly Finding[]): void {
  const startedAt = log.place?.startedAt ?? unit.startedAt;
  const context = log.place?.context ?? ROOT_CONTEXT;
  queries
    .filter(({ record }) => record.error !== undefined || record.executeMs >= log.slowQueryMs)
    .slice(0, MAX_STATEMENTS)
    .forEach((query) => {
      log.logger.emit(statementRecord(log, query, unit.name, startedAt, context));
    });
  for (const finding of findings)
    log.logger.emit(findingRecord(finding, startedAt + unit.durationMs, context));
}

function statementRecord(
  { commonOf }: UnitLog,
  { record, statement }: AnalysedQuery,
  unitName: string,
  startedAt: number,
  around: Context,
): LogRecord {
  const { error, span, executeMs, waitMs, startMs, rowsReturned, callSite, dataSource } = record;
  const what = error === undefined ? `slow-query ${executeMs.toFixed(0)} ms` : 'failing-query';
  return {
    eventName: error === undefined ? 'query_lens.slow_query' : 'db.client.operation.exception',
    timestamp: startedAt + startMs + waitMs + executeMs,
    ...SEVERITIES.warning,
    body: [what, statement.summary, unitName].join(' '),
    attributes: {
      ...commonOf(dataSource),
      [SEMCONV.summary]: statement.summary,
      [SEMCONV.text]: statement.text,
      [OWN.dataSource]: dataSource,
      [OWN.unitName]: unitName,
      [OWN.executeMs]: executeMs,
      [OWN.waitMs]: waitMs,
      ...(rowsReturned === undefined ? {} : { [SEMCONV.returnedRows]: rowsReturned }),
      ...(callSite === undefined ? {} : { [OWN.findingPlace]: describeCallSite(callSite) }),
      ...(error === undefined ? {} : exception(error)),
    },
    context: span === undefined ? around : trace.setSpanContext(ROOT_CONTEXT, span),
  };
}

function exception(error: QueryError): Attributes {
  return {
    [SEMCONV.errorType]: errorType(error),
    ...(error.status === undefined ? {} : { [SEMCONV.status]: error.status }),
    [SEMCONV.exceptionType]: error.type,
    [SEMCONV.exceptionMessage]: maskMessage(error.message),
  };
}

/** Of a finding that belongs to no unit of work, too. */
export function findingRecord(finding: Finding, timestamp: number, context: Context): LogRecord {
  return {
    eventName: 'query_lens.finding',
    timestamp,
    ...SEVERITIES[finding.severity],
    body: finding.title,
    attributes: describeFinding(finding),
    context,
  };
}
