import type { CacheError } from '../record/cache-record.js';
import { cutText } from '../record/cut-text.js';

const MAX_MESSAGE = 300;

/** What a store threw, or said in an `error` event. */
export function cacheError(failure: unknown, isThrown: boolean): CacheError {
  if (typeof failure !== 'object' || failure === null)
    return { type: 'Error', message: cutText(String(failure), MAX_MESSAGE), isThrown };
  const { code, message, errors } = failure as Readonly<Record<string, unknown>>;
  // Node tells of a refused connection to a host with several addresses in an AggregateError without a message.
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const text = [message, (first as { message?: unknown } | undefined)?.message].find(isText) ?? '';
  return {
    type: (failure as { constructor?: { name?: string } }).constructor?.name ?? 'Error',
    ...(typeof code === 'string' ? { code } : {}),
    message: cutText(text, MAX_MESSAGE),
    isThrown,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
