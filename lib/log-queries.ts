import type { AnalysedUnit } from './analysis/detector.js';
import type { AnalysedQuery } from './analysis/relation-load.js';
import type { Log } from './log.js';
import { loggedQuery, type QueryLogRecord } from './logged-query.js';
import { maskMessage } from './sql/mask-message.js';
import { describeCallSite } from './record/call-site.js';
import { keepLatest } from './record/keep-latest.js';
import type { QueryError, QueryRecord } from './record/query-record.js';
import type { UnitOfWork } from './record/unit-of-work.js';

/** What is logged; a part of the module's options. */
export interface QueryLogOptions {
  readonly slowQueryMs: number;
  readonly logSlowQueries: boolean;
  readonly logFailingQueries: boolean;
}

const EVERY_MS = 60_000;
/** Statements that are remembered; the one that was logged longest ago is forgotten first. */
const MAX_STATEMENTS = 1_000;

/** Writes slow and failing statements as structured records: one a minute for each statement. */
export class QueryLog {
  private readonly logged = new Map<string, { readonly atMs: number; suppressed: number }>();

  constructor(
    private readonly log: Log,
    private readonly options: QueryLogOptions,
  ) {}

  add(unit: AnalysedUnit, nowMs: number): void {
    for (const query of unit.queries) {
      const event = this.eventOf(query);
      const suppressed =
        event === undefined ? undefined : this.admit(`${event} ${query.statement.fingerprint}`, nowMs);
      if (event !== undefined && suppressed !== undefined)
        this.log.warn(loggedQuery(record(event, unit, query, suppressed)));
    }
  }

  private eventOf({
    record: { error, executeMs },
    statement,
  }: AnalysedQuery): QueryLogRecord['event'] | undefined {
    if (error !== undefined) return this.options.logFailingQueries ? 'failing-query' : undefined;
    // What TypeORM asks of the catalog when it starts is nobody's to make faster.
    if (statement.kind === 'schema') return undefined;
    return this.options.logSlowQueries && executeMs >= this.options.slowQueryMs ? 'slow-query' : undefined;
  }

  /** How many were left out before this one; undefined when this one is left out too. */
  private admit(key: string, nowMs: number): number | undefined {
    const last = this.logged.get(key);
    if (last !== undefined && nowMs - last.atMs < EVERY_MS) {
      last.suppressed++;
      return undefined;
    }
    keepLatest(this.logged, key, { atMs: nowMs, suppressed: 0 }, MAX_STATEMENTS);
    return last?.suppressed ?? 0;
  }
}

function record(
  event: QueryLogRecord['event'],
  { unit }: AnalysedUnit,
  { record: query, statement }: AnalysedQuery,
  suppressed: number,
): QueryLogRecord {
  const callSite = query.callSite === undefined ? undefined : describeCallSite(query.callSite);
  const rows = query.rowsReturned ?? query.rowsAffected;
  const { error } = query;
  const what = error === undefined ? `${query.executeMs.toFixed(0)} ms` : (error.code ?? error.type);
  return {
    event,
    msg: [event, what, statement.summary, unit.name, callSite].filter((part) => part !== undefined).join(' '),
    unit: unit.name,
    dataSource: query.dataSource,
    fingerprint: statement.fingerprint,
    statement: statement.text,
    executeMs: rounded(query.executeMs),
    waitMs: rounded(query.waitMs),
    ...(rows === undefined ? {} : { rows }),
    ...(error === undefined ? {} : { error: loggedError(error) }),
    ...(callSite === undefined ? {} : { callSite }),
    ...traceOf(unit, query),
    ...(suppressed === 0 ? {} : { suppressed }),
  };
}

function traceOf({ traceId }: UnitOfWork, { span }: QueryRecord): Pick<QueryLogRecord, 'traceId' | 'spanId'> {
  if (span !== undefined) return { traceId: span.traceId, spanId: span.spanId };
  return traceId === undefined ? {} : { traceId };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function loggedError({ type, code, message }: QueryError): QueryLogRecord['error'] {
  return { type, ...(code === undefined ? {} : { code }), message: maskMessage(message) };
}
