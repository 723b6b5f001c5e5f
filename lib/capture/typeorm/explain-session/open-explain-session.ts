import type { SqlSession } from '../../../investigation/sql-session.js';
import type { DataSourceShape } from '../typeorm-shapes.js';
import { openMysqlSession } from './mysql-session.js';
import { openPoolSession, type PgPool } from './pg-session.js';
import { openSqliteScratch, openSqliteSession, type SqliteDriver } from './sqlite-session.js';

/** Connections for investigations. */
export interface ExplainSession {
  readonly type: 'postgres' | 'mysql' | 'sqlite';
  readonly session: SqlSession;
  /** SQLite: an empty database of the same library, in memory. */
  readonly scratch?: SqlSession;
  close(): Promise<void>;
}

/** How a session may be opened. */
export interface ExplainSessionOptions {
  /** For connecting, and for an answer. */
  readonly timeoutMs: number;
  /** Where a second connection cannot be had: borrow the application's, a transaction at a time. */
  readonly canBorrow: boolean;
}

/**
 * A connection for investigations of a data source: one of its own, opened beside the pool and never recorded.
 *
 * @throws Error where there is none; the message says why
 */
export async function openExplainSession(
  dataSource: object,
  options: ExplainSessionOptions,
): Promise<ExplainSession> {
  const { driver } = dataSource as DataSourceShape;
  const { type } = driver.options;
  const { master } = driver as { master?: PgPool };
  if (type === 'postgres' && master !== undefined) {
    const borrowOption = 'investigate.borrowConnection';
    return alone('postgres', await openPoolSession(master, { ...options, borrowOption }));
  }
  if (type === 'mysql' || type === 'mariadb')
    return alone('mysql', await openMysqlSession(driver, options.timeoutMs));
  if (type === 'better-sqlite3' || type === 'sqljs') return sqliteSession(driver, options);
  throw new Error(`plans of ${type} are not read`);
}

function alone(type: 'postgres' | 'mysql', session: SqlSession): ExplainSession {
  return { type, session, close: () => session.close() };
}

function sqliteSession(
  driver: SqliteDriver,
  { timeoutMs, canBorrow }: ExplainSessionOptions,
): ExplainSession {
  const session = openSqliteSession(driver, timeoutMs, canBorrow);
  const scratch = openSqliteScratch(driver);
  const close = async (): Promise<void> => {
    await scratch.close();
    await session.close();
  };
  return { type: 'sqlite', session, scratch, close };
}
