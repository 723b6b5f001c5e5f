import type { QueryError } from './query-record.js';

const MAX_MESSAGE = 1_000;

/** The driver's error inside of TypeORM's `QueryFailedError`; anything else as it is. */
export function queryError(failure: unknown): QueryError {
  const error = driverErrorOf(failure);
  if (typeof error !== 'object' || error === null) return { type: typeof error, message: cut(String(error)) };
  const { code, message, name } = error as { code?: unknown; message?: unknown; name?: unknown };
  const className = (error as { constructor?: { name?: unknown } }).constructor?.name;
  return {
    type: [className, name].find((candidate) => typeof candidate === 'string' && candidate !== '') ?? 'Error',
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : undefined,
    ...statusOf(error),
    message: cut(typeof message === 'string' ? message : ''),
  } as QueryError;
}

/** Drivers put what the server said and what happened on the way into the same fields; the server says more of it. */
function statusOf(error: object): { readonly status?: string } {
  const { code, errno, sqlState, severity, number } = error as Record<string, unknown>;
  if (typeof code === 'string' && severity !== undefined && /^[0-9A-Z]{5}$/.test(code))
    return { status: code };
  if (typeof errno === 'number' && typeof sqlState === 'string') return { status: String(errno) };
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return { status: code };
  return typeof number === 'number' && code === 'EREQUEST' ? { status: String(number) } : {};
}

function driverErrorOf(failure: unknown): unknown {
  const inner = (failure as { driverError?: unknown } | null | undefined)?.driverError;
  return inner ?? failure;
}

function cut(message: string): string {
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}...` : message;
}
