import type { Row } from '../../record/query-record.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';
import { rowSample } from './row-sample.js';

/** What a statement came back with. */
export interface Outcome {
  readonly rowsReturned: number | undefined;
  readonly rowsAffected: number | undefined;
  readonly rowSample: readonly Row[] | undefined;
}

export const NO_OUTCOME: Outcome = { rowsReturned: undefined, rowsAffected: undefined, rowSample: undefined };

type Verb = 'read' | 'write' | 'other';

/**
 * Reads the result of `QueryRunner.query`: TypeORM's `QueryResult` when it was asked for a structured one, else what
 * the driver makes of it: rows; `[rows, affected]` (PostgreSQL UPDATE and DELETE); an OkPacket (MySQL); an id (SQLite).
 */
export function outcomeOf(
  statement: string,
  result: unknown,
  isStructured: boolean,
  recorder: UnitRecorder,
): Outcome {
  const verb = verbOf(statement);
  if (verb === 'other') return otherOutcome(result, isStructured);
  const rows = isStructured ? (result as { records?: unknown } | undefined)?.records : rowsOf(result, verb);
  const count = Array.isArray(rows) ? rows.length : undefined;
  if (verb === 'read') {
    return {
      rowsReturned: count,
      rowsAffected: undefined,
      rowSample: rowSample(rows, recorder),
    };
  }
  const rowsAffected = isStructured ? structuredAffected(result) : affectedOf(result);
  return { rowsReturned: count === 0 ? undefined : count, rowsAffected, rowSample: undefined };
}

/** PRAGMA, SHOW, EXPLAIN and the like return rows, too, but none that entities are made of. */
function otherOutcome(result: unknown, isStructured: boolean): Outcome {
  const rows = isStructured ? (result as { records?: unknown } | undefined)?.records : result;
  return Array.isArray(rows) && rows.length > 0 ? { ...NO_OUTCOME, rowsReturned: rows.length } : NO_OUTCOME;
}

function rowsOf(result: unknown, verb: Verb): unknown {
  return verb === 'write' && isRowsAndAffected(result) ? result[0] : result;
}

function affectedOf(result: unknown): number | undefined {
  return isRowsAndAffected(result)
    ? result[1]
    : numberOf((result as { affectedRows?: unknown } | null)?.affectedRows);
}

function structuredAffected(result: unknown): number | undefined {
  const { affected, raw } = (result ?? {}) as { affected?: unknown; raw?: { affectedRows?: unknown } };
  return numberOf(affected) ?? numberOf(raw?.affectedRows);
}

function isRowsAndAffected(result: unknown): result is [unknown[], number] {
  return (
    Array.isArray(result) && result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number'
  );
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** By the first letters: a statement's verb decides how its result is read, and this runs for every statement. */
function verbOf(statement: string): Verb {
  const start = verbStart(statement);
  switch (statement.slice(start, start + 6).toUpperCase()) {
    case 'SELECT':
    case 'VALUES':
      return 'read';
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLAC':
    case 'MERGE ':
      return 'write';
    default:
      return /^(?:WITH|TABLE)\b/i.test(statement.slice(start, start + 6)) ? 'read' : 'other';
  }
}

/** Skips white space, opening parentheses and comments, such as TypeORM's own `comment` option makes. */
function verbStart(statement: string): number {
  let index = 0;
  for (;;) {
    const unit = statement.charCodeAt(index);
    if (unit === 32 || unit === 40 || (unit >= 9 && unit <= 13)) index++;
    else if (statement.startsWith('/*', index)) index = after(statement, '*/', index);
    else if (statement.startsWith('--', index)) index = after(statement, '\n', index);
    else return index;
  }
}

function after(statement: string, end: string, from: number): number {
  const found = statement.indexOf(end, from + 2);
  return found === -1 ? statement.length : found + end.length;
}
