import { SpanStatusCode, type Span } from '@opentelemetry/api';
import type { QueryError } from '../record/query-record.js';
import { maskMessage } from '../sql/mask-message.js';
import { errorType } from './error-type.js';
import { SEMCONV } from './semconv.js';

/** Marks a span as failed. The message carries no values. */
export function failSpan(span: Span, error: QueryError): void {
  span.setAttribute(SEMCONV.errorType, errorType(error));
  if (error.status !== undefined) span.setAttribute(SEMCONV.status, error.status);
  span.setStatus({ code: SpanStatusCode.ERROR, message: maskMessage(error.message) });
}

/** The same for code of the application: its messages may hold any value. */
export function failUnit(span: Span, type: string): void {
  span.setAttribute(SEMCONV.errorType, type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
