import { inspect } from 'node:util';
import { withTrace } from './log.js';
import type { QueryLogRecord } from './log-queries.js';

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
