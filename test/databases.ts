import { randomBytes } from 'node:crypto';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { DataSource, type DataSourceOptions } from 'typeorm';

export type DatabaseName = 'sqljs' | 'better-sqlite3' | 'pglite' | 'postgres' | 'mysql';

/** What a suite sets itself: everything but where the database is. `poolSize` is for servers; the others have one connection. */
export type SuiteOptions = Partial<
  Omit<DataSourceOptions, 'type' | 'database' | 'extra' | 'url' | 'driver' | 'poolSize'>
> & { readonly poolSize?: number; readonly extra?: object };

/** A database that belongs to one suite alone: nobody else writes there, and it is gone afterwards. */
export interface TestDatabase {
  readonly name: DatabaseName;
  /** `postgres` for PGlite too. */
  readonly dialect: 'sqlite' | 'postgres' | 'mysql';
  /** Options for a `DataSource` or `TypeOrmModule.forRoot`. Call it in a hook or a test. */
  options(options?: SuiteOptions): DataSourceOptions;
  /**
   * An initialised data source with an empty, synchronised schema; destroyed after the suite at the latest.
   * SQLite lives in memory, so there each data source is a database of its own. PGlite has one connection:
   * destroy a data source before you open the next.
   */
  open(options?: SuiteOptions): Promise<DataSource>;
}

interface Found {
  readonly url?: string;
  readonly whyNot?: string;
  readonly isRequired?: true;
}

const found = JSON.parse(process.env['QUERY_LENS_TEST_DATABASES'] ?? '{}') as Partial<Record<string, Found>>;

const everyDatabase: readonly DatabaseName[] = ['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'];

/** The databases of this machine, known when the file is loaded. */
export const availableDatabases = everyDatabase.filter((name) => found[name] && !found[name].whyNot);

/**
 * Describes the same behaviours once per database, each time on a fresh one. A database that is not on this machine is
 * skipped by name, or fails the run where QUERY_LENS_REQUIRE_SERVICES=1 or its URL is set.
 */
export function describeOn(
  databases: readonly DatabaseName[],
  behaviours: (database: TestDatabase) => void,
): void {
  for (const name of databases) {
    describeWith(name, (url) => {
      const provider = providers[name](url);
      const opened: DataSource[] = [];
      beforeAll(() => provider.create());
      afterAll(async () => {
        for (const dataSource of opened) if (dataSource.isInitialized) await dataSource.destroy();
        await provider.drop();
      });
      behaviours({
        name,
        dialect: provider.dialect,
        options: (options = {}) => provider.options(options),
        open: async (options = {}) => {
          const dataSource = new DataSource(
            provider.options({ synchronize: true, dropSchema: true, ...options }),
          );
          opened.push(dataSource);
          return dataSource.initialize();
        },
      });
    });
  }
}

/** Programs to start a server of one's own with: the url is the folder they are in. */
type ServerPrograms = 'postgres-programs' | 'mariadb-programs';

/** The same for what is no TypeORM database: `describeWith('redis', (url) => ...)`, `describeWith('chromium', (path) => ...)`. */
export function describeWith(
  service: DatabaseName | ServerPrograms | 'redis' | 'chromium' | 'prometheus',
  behaviours: (url: string) => void,
): void {
  const { url = '', whyNot, isRequired } = found[service] ?? { whyNot: 'jest ran without its globalSetup' };
  if (whyNot === undefined) {
    describe(`on ${service}`, () => {
      behaviours(url);
    });
  } else if (isRequired) {
    describe(`on ${service}`, () => {
      it('finds the service it needs', () => {
        throw new Error(`${service}: ${whyNot}`);
      });
    });
  } else {
    describe.skip(`on ${service} (${whyNot})`, () => {
      behaviours(url);
    });
  }
}

interface Provider {
  readonly dialect: TestDatabase['dialect'];
  create(): Promise<void>;
  options(options: SuiteOptions): DataSourceOptions;
  drop(): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

const providers: Record<DatabaseName, (url: string) => Provider> = {
  sqljs: () => ({
    dialect: 'sqlite',
    create: nothing,
    options: ({ poolSize: _, ...options }) => ({ ...options, type: 'sqljs' }),
    drop: nothing,
  }),

  'better-sqlite3': () => ({
    dialect: 'sqlite',
    create: nothing,
    options: ({ poolSize: _, ...options }) => ({ ...options, type: 'better-sqlite3', database: ':memory:' }),
    drop: nothing,
  }),

  pglite: () => {
    let pglite: PGlite;
    return {
      dialect: 'postgres',
      create: async () => {
        pglite = await PGlite.create();
      },
      options: ({ poolSize: _, ...options }) => ({
        ...options,
        type: 'postgres',
        extra: Object.assign({}, options.extra, createPgConfig(pglite)),
      }),
      drop: () => pglite.close(),
    };
  },

  postgres: (url) =>
    serverDatabase('postgres', url, (name) => `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),

  mysql: (url) => serverDatabase('mysql', url, (name) => `DROP DATABASE IF EXISTS ${name}`),
};

/** One database per suite and not one schema: statements then look the same as in an ordinary application. */
function serverDatabase(type: 'postgres' | 'mysql', url: string, drop: (name: string) => string): Provider {
  const name = `query_lens_${process.pid}_${randomBytes(4).toString('hex')}`;
  const administer = async (statement: string) => {
    const server = await new DataSource({ type, url }).initialize();
    await server.query(statement).finally(() => server.destroy());
  };
  return {
    dialect: type,
    create: () => administer(`CREATE DATABASE ${name}`),
    options: (options) => {
      const own = new URL(url);
      own.pathname = `/${name}`;
      return { ...options, type, url: own.href };
    },
    drop: () => administer(drop(name)),
  };
}
