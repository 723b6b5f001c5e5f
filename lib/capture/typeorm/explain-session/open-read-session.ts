import type { SendQuery } from '../../../investigation/sql-session.js';
import { dialectOf } from '../../../sql/sql-dialect.js';
import type { DataSourceShape } from '../typeorm-shapes.js';
import { driverPools } from '../pool-gauges.js';
import { mysqlReads, type MysqlDriver } from './mysql-reads.js';
import { openPoolSession, type PgPool } from './pg-session.js';
import type { ReadSession, ReadWork } from './read-session.js';
import { sqliteReads, type SqliteDriver } from './sqlite-reads.js';

/** How a session may be opened. */
export interface ReadSessionOptions {
  /** For connecting, and for each statement. */
  readonly timeoutMs: number;
  /** Where a second connection cannot be had: use the application's. */
  readonly canBorrow: boolean;
  /** The option that allows it. */
  readonly borrowOption: string;
  /** Of a data source with replicas: beside the pool of the first of them, as the load was read on one. */
  readonly isOnReplica: boolean;
}

/**
 * Opens a connection beside the pool of a data source; SQLite and PGlite lend theirs, where that is allowed.
 *
 * @throws Error where there is none; the message says why
 */
export async function openReadSession(dataSource: object, options: ReadSessionOptions): Promise<ReadSession> {
  const { driver } = dataSource as DataSourceShape;
  const { type } = driver.options;
  const pool = driverPools(driver).find(({ server }) => (server === 'replica') === options.isOnReplica)?.pool;
  const timeoutMs = Math.max(1, Math.round(options.timeoutMs));
  const dialect = dialectOf(type);
  if (type === 'postgres' && pool !== undefined) {
    const session = await openPoolSession(pool as PgPool, options);
    return { dialect, read: (work) => session.use(pgReads(work, timeoutMs)), close: () => session.close() };
  }
  if ((type === 'mysql' || type === 'mariadb') && pool !== undefined)
    return { dialect, ...(await mysqlReads(pool, driver as MysqlDriver, timeoutMs)) };
  if (type === 'sqljs' || type === 'better-sqlite3') {
    if (!options.canBorrow)
      throw new Error(
        `it has one connection, which the application needs; ${options.borrowOption} allows to read on it between its statements`,
      );
    return { dialect, ...sqliteReads(driver as unknown as SqliteDriver) };
  }
  throw new Error(`advice is not tried on ${type}`);
}

/** A snapshot, so that both forms read the same rows whatever others write meanwhile. */
function pgReads<T>(work: ReadWork<T>, timeoutMs: number) {
  return async (send: SendQuery, receivedBytes: () => number | undefined = () => undefined): Promise<T> => {
    await send('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await send(`SET LOCAL statement_timeout = ${timeoutMs}`);
      await send(`SET LOCAL lock_timeout = ${timeoutMs}`);
      return await work(send, receivedBytes);
    } finally {
      await send('ROLLBACK');
    }
  };
}
