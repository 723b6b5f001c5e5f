import type { DriverPool } from './pool-gauges.js';

/** A client of `pg`. */
interface PgClient {
  query(statement: string): Promise<unknown>;
  release(destroy?: boolean): void;
  on(event: 'error', listener: () => void): unknown;
  off(event: 'error', listener: () => void): unknown;
}

/** A connection of `mysql2`. */
interface MysqlConnection {
  ping(answered: (error: Error | null | undefined) => void): void;
  release(): void;
  destroy(): void;
}

interface PoolShape {
  connect?(): Promise<PgClient>;
  getConnection?(given: (error: Error | null | undefined, connection: MysqlConnection) => void): void;
}

/** A connection on loan for one question. Giving it back with `false` closes it: its server may never answer. */
interface Loan {
  ask(): Promise<void>;
  giveBack(isFine: boolean): void;
}

/**
 * Asks a server through its pool whether it is there, past TypeORM, so that nothing is recorded. When `signal` is aborted
 * the connection is closed, which frees its place in the pool. Undefined for a pool that cannot be asked.
 */
export function pingPool({ pool }: DriverPool, signal: AbortSignal): Promise<void> | undefined {
  const shape: PoolShape = pool;
  if (typeof shape.getConnection === 'function') return ask(mysqlLoan(shape), signal);
  return typeof shape.connect === 'function' ? ask(pgLoan(shape), signal) : undefined;
}

async function ask(borrowing: Promise<Loan>, signal: AbortSignal): Promise<void> {
  const loan = await borrowing;
  let isOut = true;
  const giveBack = (isFine: boolean): void => {
    if (isOut) loan.giveBack(isFine);
    isOut = false;
  };
  const abort = (): void => {
    giveBack(false);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    // It came too late: nobody waits for the answer, and the connection is fine.
    if (!signal.aborted) await loan.ask();
    giveBack(true);
  } catch (error) {
    giveBack(false);
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function pgLoan(pool: PoolShape): Promise<Loan> {
  const client = (await pool.connect?.()) as PgClient;
  // While it is on loan the pool does not listen, and an error that nobody hears ends the process.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  return {
    ask: async () => {
      await client.query('SELECT 1');
    },
    giveBack: (isFine) => {
      if (isFine) client.off('error', ignore);
      client.release(!isFine);
    },
  };
}

function mysqlLoan(pool: PoolShape): Promise<Loan> {
  return new Promise((resolve, reject) => {
    pool.getConnection?.((error, connection) => {
      if (error !== null && error !== undefined) reject(error);
      else
        resolve({
          ask: () =>
            new Promise((answered, failed) => {
              connection.ping((failure) => {
                if (failure === null || failure === undefined) answered();
                else failed(failure);
              });
            }),
          giveBack: (isFine) => {
            if (isFine) connection.release();
            else connection.destroy();
          },
        });
    });
  });
}
