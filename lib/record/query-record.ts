import type { CallSite } from './call-site.js';
import type { SpanIdentity } from './span-identity.js';

/** One value that travelled with a statement, small enough to keep while its unit of work runs. */
export type BoundValue = string | number | bigint | boolean | null | Date;

/** The parameters of one statement: kept only in memory, until its unit of work has been analysed. */
export interface BoundValues {
  /** The first values, long ones cut; other types (buffers, arrays, objects) as a short digest in a string. */
  readonly kept: readonly BoundValue[];
  readonly count: number;
  /** A digest of all values; equal lists of values have equal digests. */
  readonly digest: number;
}

/** Why a statement failed. */
export interface QueryError {
  /** The driver's own error class, not TypeORM's `QueryFailedError`. */
  readonly type: string;
  /** SQLSTATE on PostgreSQL, the driver's code elsewhere. */
  readonly code?: string;
  /** What the server answered: SQLSTATE, MySQL's and SQL Server's number, SQLite's result code. Absent where none did. */
  readonly status?: string;
  readonly message: string;
}

/** A row as the driver gave it. */
export type Row = Readonly<Record<string, unknown>>;

/** One statement as it was seen at the query runner. All times in milliseconds. */
export interface QueryRecord {
  readonly kind: 'query';
  /** Order in which statements started within the unit; starts at 0. */
  readonly sequence: number;
  readonly dataSource: string;
  /** The text as sent, cut at {@link MAX_STATEMENT_LENGTH}. */
  readonly statement: string;
  readonly values: BoundValues;
  readonly via: 'query' | 'stream';
  /** Identity of the query runner, and of the transaction that was open on it. */
  readonly runner: number;
  readonly transaction?: number;
  /** Only where replication is configured. */
  readonly server?: 'primary' | 'replica';
  /** The innermost {@link LoadRecord} the statement belongs to. */
  readonly load?: number;
  /** The computation of a missing cache entry it ran for: the id of a cache record, where that is known for certain. */
  readonly computation?: number;
  /** Sent by TypeORM's own result cache, to look up or store a result. */
  readonly isOfResultCache?: true;
  /** GraphQL: where in the response the statement was needed, indexes folded: `books.author`. */
  readonly fieldPath?: string;
  /** Milliseconds since the unit of work began. */
  readonly startMs: number;
  /** Time waited for a connection. */
  readonly waitMs: number;
  /** Time between having a connection and having the result. */
  readonly executeMs: number;
  /** Rows a SELECT (or RETURNING) gave back. */
  readonly rowsReturned?: number;
  /** Rows a write changed, where the driver says so. */
  readonly rowsAffected?: number;
  /** Bytes that came back on the connection, where the driver has a socket of its own: pg, mysql2. */
  readonly bytes?: number;
  /** The first rows, by reference, for provenance; dropped with the unit. */
  readonly rowSample?: readonly Row[];
  readonly error?: QueryError;
  readonly callSite?: CallSite;
  readonly span?: SpanIdentity;
  /** Started after the response had been sent. */
  readonly isAfterResponse?: true;
}

/** Longer statements are cut before they are kept. */
export const MAX_STATEMENT_LENGTH = 16_384;
