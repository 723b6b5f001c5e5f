/** A row as the driver gave it. */
export type SessionRow = Readonly<Record<string, unknown>>;

/**
 * Sends one statement. Without `values` the text is sent as it is, so that PostgreSQL takes `$1` for an open parameter of
 * GENERIC_PLAN.
 */
export type SendQuery = (text: string, values?: readonly unknown[]) => Promise<readonly SessionRow[]>;

/** A connection for investigations. What is sent on it is not recorded as the application's. */
export interface SqlSession {
  /**
   * Runs `work` with the connection, alone. Where the connection is the application's own it is borrowed for that long
   * only, so `work` is one transaction. `receivedBytes` answers what the connection has received, where that is known.
   */
  use<T>(work: (query: SendQuery, receivedBytes?: () => number | undefined) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
