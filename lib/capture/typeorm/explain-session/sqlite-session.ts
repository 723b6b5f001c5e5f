import type { SendQuery, SessionRow, SqlSession } from '../../../investigation/sql-session.js';

/** The part of a `better-sqlite3` database that is used. */
interface BetterSqlite {
  readonly name: string;
  readonly memory: boolean;
  prepare(text: string): {
    readonly reader: boolean;
    all(...values: unknown[]): readonly SessionRow[];
    run(...values: unknown[]): unknown;
  };
  pragma(text: string): unknown;
  close(): void;
}

type BetterSqliteClass = new (
  file: string,
  options?: {
    readonly readonly: boolean;
    readonly fileMustExist: boolean;
    readonly timeout: number;
    readonly nativeBinding?: unknown;
  },
) => BetterSqlite;

/** The part of a `sql.js` database that is used. */
interface SqlJs {
  prepare(text: string): {
    bind(values: readonly unknown[]): boolean;
    step(): boolean;
    getAsObject(): SessionRow;
    free(): boolean;
  };
  close(): void;
}

/** TypeORM's drivers of SQLite, as far as they are used. */
export interface SqliteDriver {
  readonly options: { readonly type: string; readonly key?: unknown; readonly nativeBinding?: unknown };
  readonly databaseConnection?: object;
}

const IN_USE =
  'its database lives in the one connection that the application uses; investigate.borrowConnection allows to read its schema there';

/** Opens the file a second time, to read only. */
export function openSqliteSession(driver: SqliteDriver, timeoutMs: number, canBorrow: boolean): SqlSession {
  const own = driver.databaseConnection;
  if (own === undefined) throw new Error('it is not connected');
  if (driver.options.type === 'sqljs') {
    if (!canBorrow) throw new Error(IN_USE);
    return { use: (work) => work(sqljsSender(own as SqlJs)), close: () => Promise.resolve() };
  }
  const database = own as BetterSqlite;
  if (!database.memory) return fileSession(driver, database, timeoutMs);
  if (!canBorrow) throw new Error(IN_USE);
  return { use: (work) => work(sqliteSender(database)), close: () => Promise.resolve() };
}

/** An empty database in memory, of the same library. */
export function openSqliteScratch({ options, databaseConnection }: SqliteDriver): SqlSession {
  const Database = databaseConnection?.constructor as new (file?: string) => BetterSqlite & SqlJs;
  const isSqljs = options.type === 'sqljs';
  const database = isSqljs ? new Database() : new Database(':memory:');
  return {
    use: (work) => work(isSqljs ? sqljsSender(database) : sqliteSender(database)),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function fileSession(
  { options }: SqliteDriver,
  { name, constructor }: BetterSqlite,
  timeout: number,
): SqlSession {
  const Database = constructor as BetterSqliteClass;
  const { key, nativeBinding } = options;
  const database = new Database(name, {
    readonly: true,
    fileMustExist: true,
    timeout,
    ...(nativeBinding === undefined ? {} : { nativeBinding }),
  });
  try {
    if (typeof key === 'string') database.pragma(`key = ${JSON.stringify(key)}`);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    use: (work) => work(sqliteSender(database)),
    close: () => {
      database.close();
      return Promise.resolve();
    },
  };
}

function sqliteSender(database: BetterSqlite): SendQuery {
  return async (text, values = []) => {
    // Between two statements the application has its turn.
    await Promise.resolve();
    const statement = database.prepare(text);
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  };
}

function sqljsSender(database: SqlJs): SendQuery {
  return async (text, values = []) => {
    await Promise.resolve();
    const statement = database.prepare(text);
    try {
      if (values.length > 0) statement.bind(values);
      const rows: SessionRow[] = [];
      while (statement.step()) rows.push(statement.getAsObject());
      return rows;
    } finally {
      statement.free();
    }
  };
}
