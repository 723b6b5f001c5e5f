import { inspect } from 'node:util';
import { withTrace } from './log.js';

/**
 * A record as JSON loggers show it; `msg` is what pino prints as the message. Statements are normalised, values left out.
 * Loggers that write text show it as one line: `msg`, the error, rows, a wait of 1 ms and more, the trace.
 */
export interface QueryLogRecord {
  readonly event: 'slow-query' | 'failing-query';
  readonly msg: string;
  readonly unit: string;
  readonly dataSource: string;
  readonly fingerprint: string;
  readonly statement: string;
  readonly executeMs: number;
  readonly waitMs: number;
  readonly rows?: number;
  readonly error?: { readonly type: string; readonly code?: string; readonly message: string };
  readonly callSite?: string;
  readonly traceId?: string;
  /** Of the statement's own span. */
  readonly spanId?: string;
  /** Records of the same kind and statement that were left out since the last one. */
  readonly suppressed?: number;
}

/**
 * A record with two faces: fields for loggers that write JSON (pino, Nest's console with `json`), and one line for those
 * that write text, which ask `inspect` or `toString()`. Both live on the prototype, so that they are no fields.
 */
export function loggedQuery(fields: QueryLogRecord): QueryLogRecord {
  return Object.assign(new LoggedQuery(), fields);
}

class LoggedQuery {
  toString(): string {
    return line(this as unknown as QueryLogRecord);
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

function line({ msg, error, rows, waitMs, suppressed, traceId }: QueryLogRecord): string {
  const facts = [
    ...(rows === undefined ? [] : [rows === 1 ? '1 row' : `${String(rows)} rows`]),
    ...(waitMs < 1 ? [] : [`waited ${waitMs.toFixed(0)} ms`]),
    ...(suppressed === undefined ? [] : [`${String(suppressed)} more since the last line`]),
  ];
  const text = [
    msg,
    ...(error === undefined ? [] : [`: ${error.message}`]),
    ...(facts.length === 0 ? [] : [` (${facts.join(', ')})`]),
  ].join('');
  return withTrace(text, traceId);
}
