import type { SendQuery, SessionRow } from '../../../investigation/sql-session.js';
import type { ReadSession } from './read-session.js';

/** A statement of `sql.js`. */
interface SqljsStatement {
  bind(values: unknown[]): unknown;
  step(): boolean;
  getAsObject(): SessionRow;
  free(): unknown;
}

/** A statement of `better-sqlite3`. */
interface BetterSqliteStatement {
  all(...values: unknown[]): SessionRow[];
}

/** TypeORM's driver: one connection, which the application uses. */
export interface SqliteDriver {
  readonly databaseConnection: { prepare(text: string): SqljsStatement | BetterSqliteStatement };
  /** The application's only one. */
  readonly queryRunner?: { readonly isTransactionActive?: boolean };
}

/**
 * Reads on the application's connection, between its statements. A transaction there would take in what the application
 * writes meanwhile: so there is none, and what was read counts only if nothing was written.
 */
export function sqliteReads(driver: SqliteDriver): Pick<ReadSession, 'read' | 'close'> {
  const send: SendQuery = (text, values = []) => {
    if (driver.queryRunner?.isTransactionActive === true)
      return Promise.reject(new Error('the application had a transaction open on its only connection'));
    return Promise.resolve(rowsOf(driver.databaseConnection.prepare(text), values.map(bindable)));
  };
  return {
    read: async (work) => {
      const before = await changes(send);
      const result = await work(send, () => undefined);
      if ((await changes(send)) !== before) throw new Error('the application wrote meanwhile');
      return result;
    },
    close: () => Promise.resolve(),
  };
}

async function changes(send: SendQuery): Promise<unknown> {
  const [row] = await send('SELECT total_changes() AS changes');
  return row?.['changes'];
}

function rowsOf(statement: SqljsStatement | BetterSqliteStatement, values: unknown[]): SessionRow[] {
  if ('all' in statement) return statement.all(...values);
  try {
    statement.bind(values);
    const rows: SessionRow[] = [];
    while (statement.step()) rows.push(statement.getAsObject());
    return rows;
  } finally {
    statement.free();
  }
}

/** As TypeORM's runners give them to the drivers. */
function bindable(value: unknown): unknown {
  return value === undefined ? null : typeof value === 'boolean' ? Number(value) : value;
}
