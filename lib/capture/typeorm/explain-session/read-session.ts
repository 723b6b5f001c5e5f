import type { SendQuery } from '../../../investigation/sql-session.js';
import type { SqlDialect } from '../../../sql/sql-dialect.js';

/** Sends a read, and tells how many bytes the connection has received so far, where that can be seen. */
export type ReadWork<T> = (send: SendQuery, receivedBytes: () => number | undefined) => Promise<T>;

/** A connection on which the same data is read by several statements. Nothing that is sent on it is recorded. */
export interface ReadSession {
  readonly dialect: SqlDialect;
  /** Runs `work` on one state of the database, which it cannot change. */
  read<T>(work: ReadWork<T>): Promise<T>;
  close(): Promise<void>;
}
