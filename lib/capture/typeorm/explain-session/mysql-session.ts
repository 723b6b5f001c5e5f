import type { SendQuery, SessionRow, SqlSession } from '../../../investigation/sql-session.js';
import { driverPools } from '../pool-gauges.js';

type Answered = (error: Error | null, rows?: unknown) => void;

/** The part of a `mysql2` connection that is used; `mysql` has the same. */
interface MysqlConnection {
  query(options: { readonly sql: string }, values: unknown[], answered: Answered): unknown;
  connect(connected: (error: Error | null) => void): void;
  end(ended: () => void): void;
  destroy(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** How the pool connects. */
type ConnectionConfig = Readonly<Record<string, unknown>>;

interface MysqlPool {
  readonly config?: { readonly connectionConfig?: ConnectionConfig };
}

/** TypeORM's driver of MySQL and MariaDB, as far as it is used. */
export interface MysqlDriver {
  readonly options: { readonly type: string };
  readonly mysql?: { createConnection?(options: object): MysqlConnection };
}

/** What a connection is made of; the rest of a pool's configuration is about results, which are ours. */
const KEPT = [
  'host',
  'port',
  'localAddress',
  'socketPath',
  'user',
  'password',
  'database',
  'ssl',
  'timezone',
  'stream',
  'authPlugins',
  'insecureAuth',
] as const;

const { setTimeout, clearTimeout } = globalThis;

/** Opens a connection beside the pool, with the pool's own options. */
export async function openMysqlSession(driver: MysqlDriver, timeoutMs: number): Promise<SqlSession> {
  const { mysql } = driver;
  const primary = driverPools(driver).find(({ server }) => server === 'primary')?.pool as
    MysqlPool | undefined;
  const config = primary?.config?.connectionConfig;
  if (mysql?.createConnection === undefined || config === undefined)
    throw new Error('this version of the driver does not say how its pool connects');
  const kept = KEPT.flatMap((name): [string, unknown][] =>
    config[name] === undefined ? [] : [[name, config[name]]],
  );
  const connection = mysql.createConnection({
    ...Object.fromEntries<unknown>(kept),
    connectTimeout: timeoutMs,
    supportBigNumbers: true,
    dateStrings: true,
  });
  // Without a listener the loss of the connection would end the process.
  connection.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => {
      if (error === null || (error as Error | undefined) === undefined) resolve();
      else {
        connection.destroy();
        reject(error);
      }
    });
  });
  return {
    use: (work) => work(sender(connection, timeoutMs)),
    close: () =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          connection.destroy();
          resolve();
        };
        // One that is lost may never say good-bye.
        const timer = setTimeout(end, timeoutMs).unref();
        connection.end(end);
      }),
  };
}

/** A server that is gone answers nothing; the server's own limit comes first where it is there. */
function sender(connection: MysqlConnection, timeoutMs: number): SendQuery {
  return (sql, values = []) =>
    new Promise((resolve, reject) => {
      // Not the driver's own timer, which outlives a connection that is lost.
      const timer = setTimeout(() => {
        connection.destroy();
        reject(new Error('the server does not answer'));
      }, timeoutMs * 2).unref();
      connection.query({ sql }, [...values], (error, rows) => {
        clearTimeout(timer);
        if (error !== null) reject(error);
        else resolve(Array.isArray(rows) ? (rows as readonly SessionRow[]) : []);
      });
    });
}
