import type { SendQuery, SessionRow } from '../../../investigation/sql-session.js';
import { receivedBytes } from '../received-bytes.js';
import type { ReadSession } from './read-session.js';

type Answered = (error: Error | null, rows?: unknown) => void;

/** A connection of `mysql2`. */
interface MysqlConnection {
  query(options: { sql: string; values: unknown[]; timeout: number }, answered: Answered): void;
  on(event: 'error', listener: () => void): unknown;
  once(event: 'connect', listener: () => void): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
  end(ended: () => void): void;
  destroy(): void;
}

/** The part of a pool that is used. */
interface MysqlPool {
  readonly config?: { readonly connectionConfig?: object };
}

/** The part of TypeORM's driver that is used. `mysql`: the package that it has loaded. */
export interface MysqlDriver {
  readonly mysql?: { readonly Connection?: new (options: { config: object }) => MysqlConnection };
}

/** Opens a connection beside a pool, with the pool's own options. */
export async function mysqlReads(
  { config: poolConfig }: MysqlPool,
  { mysql }: MysqlDriver,
  timeoutMs: number,
): Promise<Pick<ReadSession, 'read' | 'close'>> {
  const config = poolConfig?.connectionConfig;
  if (mysql?.Connection === undefined || config === undefined)
    throw new Error('this driver does not say how its pool connects');
  const connection = await connect(new mysql.Connection({ config }));
  const send = sender(connection, timeoutMs);
  return {
    read: async (work) => {
      await begin(send, timeoutMs);
      try {
        return await work(send, () => receivedBytes({ databaseConnection: connection }));
      } finally {
        await send('ROLLBACK');
      }
    },
    close: () =>
      new Promise((ended) => {
        connection.end(ended);
      }),
  };
}

function connect(connection: MysqlConnection): Promise<MysqlConnection> {
  return new Promise((connected, failed) => {
    connection.once('error', failed);
    connection.once('connect', () => {
      // Without a listener the loss of the connection would end the process.
      connection.on('error', () => undefined);
      connected(connection);
    });
  });
}

async function begin(send: SendQuery, timeoutMs: number): Promise<void> {
  // MySQL counts milliseconds, MariaDB seconds; each knows only its own.
  await send(`SET SESSION max_execution_time = ${timeoutMs}`).catch(() =>
    send(`SET SESSION max_statement_time = ${timeoutMs / 1_000}`),
  );
  await send('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await send('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
}

function sender(connection: MysqlConnection, timeoutMs: number): SendQuery {
  return (sql, values = []) =>
    new Promise((answered, failed) => {
      // A server that is gone answers nothing; the server's own limit comes first where it is there.
      connection.query({ sql, values: [...values], timeout: timeoutMs * 2 }, (error, rows) => {
        if (error !== null) failed(error);
        else answered(Array.isArray(rows) ? (rows as SessionRow[]) : []);
      });
    });
}
