import { receivedBytes } from '../received-bytes.js';
import type { SendQuery, SessionRow, SqlSession } from '../../../investigation/sql-session.js';

/** The part of a `pg` client that is used. */
interface PgClient {
  connect(): Promise<unknown>;
  query(text: string | { text: string; values: unknown[] }): Promise<{ rows?: readonly SessionRow[] }>;
  end(): Promise<void>;
  on(event: 'error', listener: () => void): unknown;
}

/** A client that a pool has lent. */
interface LentClient extends Pick<PgClient, 'query'> {
  release(destroy?: boolean): void;
}

/** The part of a `pg` pool that is used: TypeORM's `driver.master`. */
export interface PgPool {
  readonly Client?: new (options: object) => PgClient;
  readonly options?: { readonly max?: number; readonly connection?: unknown; readonly password?: unknown };
  readonly waitingCount?: number;
  connect(): Promise<LentClient>;
}

/** How a session beside a pool may be opened. */
export interface PoolSessionOptions {
  readonly timeoutMs: number;
  readonly canBorrow: boolean;
  /** The option that allows it. */
  readonly borrowOption: string;
}

/** A connection of its own, or the pool's only one where that is allowed. */
export async function openPoolSession(
  pool: PgPool,
  { timeoutMs, canBorrow, borrowOption }: PoolSessionOptions,
): Promise<SqlSession> {
  if (!isSingleConnection(pool)) return openPgSession(pool, timeoutMs);
  if (canBorrow) return sharedPgSession(pool);
  throw new Error(
    `its pool has one connection, which the application needs; ${borrowOption} allows to use it between its statements`,
  );
}

/** A pool of one serves a database with one session (PGlite), or was made so on purpose: no second connection is opened. */
function isSingleConnection({ options }: PgPool): boolean {
  return options?.max === 1 || options?.connection !== undefined;
}

/** Opens a connection beside the pool, with the pool's own options. */
async function openPgSession(pool: PgPool, timeoutMs: number): Promise<SqlSession> {
  const { Client, options } = pool;
  if (Client === undefined || options === undefined)
    throw new Error('this version of pg does not say how its pool connects');
  const client = new Client({
    ...options,
    // Not enumerable in the pool's options, so that it is not logged.
    password: options.password,
    application_name: 'nestjs-query-lens',
    connectionTimeoutMillis: timeoutMs,
    // A server that is gone answers nothing; the server's own limit comes first where it is there.
    query_timeout: timeoutMs * 2,
  });
  // Without a listener the loss of the connection would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return { use: (work) => work(sender(client), bytesOf(client)), close: () => client.end() };
}

/** Borrows a connection of the pool for each transaction. */
function sharedPgSession(pool: PgPool): SqlSession {
  return {
    use: async (work) => {
      if ((pool.waitingCount ?? 0) > 0) throw new Error('the application is waiting for a connection');
      const client = await pool.connect();
      let isFine = false;
      try {
        const result = await work(sender(client), bytesOf(client));
        isFine = true;
        return result;
      } finally {
        // After a failure nobody knows what state it is in.
        client.release(!isFine && !(await isIdle(client)));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Whether a connection is outside of a transaction and usable. */
async function isIdle(client: LentClient): Promise<boolean> {
  try {
    await client.query('ROLLBACK');
    return true;
  } catch {
    return false;
  }
}

function bytesOf(databaseConnection: object): () => number | undefined {
  return () => receivedBytes({ databaseConnection });
}

function sender(client: Pick<PgClient, 'query'>): SendQuery {
  return async (text, values) => {
    const { rows } = await client.query(values === undefined ? text : { text, values: [...values] });
    return rows ?? [];
  };
}
