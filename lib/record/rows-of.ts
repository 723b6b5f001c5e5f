import type { QueryRecord } from './query-record.js';

/** Rows that a statement gave back, or that it changed. */
export function rowsOf(record: QueryRecord): number {
  return record.rowsReturned ?? record.rowsAffected ?? 0;
}
