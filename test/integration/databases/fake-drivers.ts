import { EventEmitter } from 'node:events';
import type { DataSourceOptions } from 'typeorm';

/** What a fake database answers: rows, or an error with the driver's own code. */
export type Answer = (statement: string, values: readonly unknown[]) => Record<string, unknown>[];

/** What a client library was asked to do, in order: `BEGIN`, the first word of a statement, `COMMIT`. */
export type Calls = string[];

export interface FakeDriver {
  readonly options: (answer: Answer, calls: Calls) => DataSourceOptions;
  /** Statements that TypeORM sends to begin and to end a transaction. Others call a method of the client instead. */
  readonly transaction: { readonly begin: readonly string[]; readonly end: readonly string[] };
}

type Callback = (error: Error | null, ...values: unknown[]) => void;

const verb = (statement: string): string => statement.split(' ')[0] ?? '';

/** An answer that comes later, as those of a database do. */
async function later<T>(calls: Calls, call: string, work: () => T): Promise<T> {
  calls.push(call);
  await new Promise((resolve) => setImmediate(resolve));
  return work();
}

/**
 * Client libraries as TypeORM 1.1 calls them, with its own drivers around them: who is called in which order was read from
 * `typeorm/driver/<name>/*QueryRunner.js`.
 */
export const fakeDrivers: Readonly<Record<string, FakeDriver>> = {
  /** `new Request(pool or transaction).query(statement)`; a transaction is an object of the pool, begun by callback. */
  mssql: {
    transaction: { begin: [], end: [] },
    options: (answer, calls) => {
      class ConnectionPool extends EventEmitter {
        connect(done: Callback) {
          setImmediate(done, null);
          return this;
        }
        close(done: Callback) {
          setImmediate(done, null);
        }
        transaction() {
          const step = (name: string) => (done: Callback) =>
            void later(calls, name, () => {
              done(null);
            });
          return { begin: step('BEGIN'), commit: step('COMMIT'), rollback: step('ROLLBACK') };
        }
      }
      class Request {
        private readonly values: unknown[] = [];
        input(...given: unknown[]) {
          this.values.push(given.at(-1));
        }
        query(statement: string) {
          return later(calls, verb(statement), () => ({
            recordset: answer(statement, this.values),
            rowsAffected: [1],
          }));
        }
      }
      const driver = new Proxy(
        { ConnectionPool, Request },
        { get: (own, name) => Reflect.get(own, name) ?? (() => ({})) },
      );
      return { type: 'mssql', host: 'fake', database: 'fake', driver, options: {} };
    },
  },

  /** `connection.execute(statement, values, options)`; a transaction is `SET TRANSACTION`, then autocommit is off. */
  oracle: {
    transaction: { begin: ['SET'], end: ['COMMIT'] },
    options: (answer, calls) => {
      const connection = {
        execute: (statement: string, values: unknown[]) =>
          later(calls, verb(statement), () => {
            const rows = answer(statement, Object.values(values));
            return verb(statement) === 'SELECT' ? { rows } : { rowsAffected: 1 };
          }),
        close: () => Promise.resolve(),
      };
      const pool = {
        getConnection: (done: Callback) => setImmediate(done, null, connection),
        close: (done: Callback) => setImmediate(done, null),
      };
      const driver = {
        OUT_FORMAT_OBJECT: 1,
        createPool: (_: object, done: Callback) => setImmediate(done, null, pool),
      };
      return { type: 'oracle', host: 'fake', driver };
    },
  },

  /** The `pg` client; TypeORM sets a savepoint of its own behind `START TRANSACTION`. */
  cockroachdb: {
    transaction: { begin: ['START', 'SAVEPOINT'], end: ['RELEASE', 'COMMIT'] },
    options: (answer, calls) => {
      class Client extends EventEmitter {
        query(statement: string, values: unknown[] | undefined, done: Callback) {
          void later(calls, verb(statement), () => answer(statement, values ?? [])).then(
            (rows) => {
              done(null, {
                command: verb(statement),
                rows,
                rowCount: verb(statement) === 'SELECT' ? rows.length : 1,
              });
            },
            (error: unknown) => {
              done(error as Error);
            },
          );
        }
      }
      class Pool extends EventEmitter {
        connect(done: Callback) {
          setImmediate(done, null, new Client(), () => undefined);
        }
        end(done: Callback) {
          setImmediate(done, null);
        }
      }
      return {
        type: 'cockroachdb',
        host: 'fake',
        timeTravelQueries: false,
        driver: { Pool },
      };
    },
  },

  /** The Data API: `client.query(statement, values)`, and methods for transactions. Its runner has no connection. */
  'aurora-mysql': {
    transaction: { begin: [], end: [] },
    options: (answer, calls) => ({
      type: 'aurora-mysql',
      database: 'fake',
      region: 'fake',
      secretArn: 'fake',
      resourceArn: 'fake',
      driver: dataApi(answer, calls),
    }),
  },

  'aurora-postgres': {
    transaction: { begin: [], end: [] },
    options: (answer, calls) => ({
      type: 'aurora-postgres',
      database: 'fake',
      region: 'fake',
      secretArn: 'fake',
      resourceArn: 'fake',
      driver: { pg: dataApi(answer, calls) },
    }),
  },

  /** SQLite on a phone: one method for statements with rows, one for writes, one for the others. */
  capacitor: {
    transaction: { begin: ['BEGIN'], end: ['COMMIT'] },
    options: (answer, calls) => {
      const connection = {
        open: () => Promise.resolve(),
        close: () => Promise.resolve(),
        execute: (statement: string) => later(calls, verb(statement), () => ({ changes: { changes: 0 } })),
        run: (statement: string, values: unknown[]) =>
          later(calls, verb(statement), () => {
            answer(statement, values);
            return { changes: { changes: 1, lastId: 1 } };
          }),
        query: (statement: string, values: unknown[]) =>
          later(calls, verb(statement), () => ({ values: answer(statement, values) })),
      };
      const driver = { createConnection: () => Promise.resolve(connection) };
      return { type: 'capacitor', database: 'fake', driver };
    },
  },
};

function dataApi(answer: Answer, calls: Calls): unknown {
  return class {
    preparePersistentValue(value: unknown) {
      return value;
    }
    prepareHydratedValue(value: unknown) {
      return value;
    }
    query(statement: string, values: unknown[] | undefined) {
      return later(calls, verb(statement), () => {
        const records = answer(statement, values ?? []);
        return verb(statement) === 'SELECT' ? { records } : { numberOfRecordsUpdated: 1 };
      });
    }
    startTransaction() {
      return later(calls, 'BEGIN', () => undefined);
    }
    commitTransaction() {
      return later(calls, 'COMMIT', () => undefined);
    }
    rollbackTransaction() {
      return later(calls, 'ROLLBACK', () => undefined);
    }
  };
}
