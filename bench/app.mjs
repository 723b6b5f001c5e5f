// The application that statements are measured in: one table, read by `findOneBy` in units of work of ten statements each, as
// a request would run them.
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource, EntitySchema } from 'typeorm';

const STATEMENTS_PER_UNIT = 10;
const ROWS = 1_000;

const Person = new EntitySchema({
  name: 'BenchPerson',
  tableName: 'query_lens_bench_person',
  columns: {
    id: { type: 'int', primary: true },
    name: { type: 'varchar' },
    email: { type: 'varchar' },
    age: { type: 'int' },
  },
});

/** Opened, with its rows. `lens` are the options of QueryLens; without them it is not there. */
export async function openApp(database, url, lens) {
  const connection =
    database === 'postgres' ? { type: 'postgres', url } : { type: 'better-sqlite3', database: ':memory:' };
  const options = { ...connection, retryAttempts: 0, entities: [Person], synchronize: true };
  const quiet = { logFindings: false, logSlowQueries: false };
  const app = await NestFactory.createApplicationContext(
    {
      module: class BenchModule {},
      imports: [
        TypeOrmModule.forRoot(options),
        ...(lens === undefined ? [] : [QueryLensModule.forRoot({ ...quiet, ...lens })]),
      ],
    },
    { logger: ['error'] },
  );
  await app.init();
  const dataSource = app.get(DataSource);
  const people = dataSource.getRepository(Person);
  await people.clear();
  const rows = Array.from({ length: ROWS }, (_, id) => ({
    id,
    name: `n${id}`,
    email: `${id}@x.org`,
    age: id % 90,
  }));
  for (let at = 0; at < ROWS; at += 200) await people.insert(rows.slice(at, at + 200));
  return {
    app,
    dataSource,
    /** Ids differ within a unit and from unit to unit: nothing to report, nothing to fold. */
    async run(count, inUnit) {
      for (let done = 0; done < count; done += STATEMENTS_PER_UNIT) {
        await inUnit(async () => {
          for (let n = 0; n < STATEMENTS_PER_UNIT; n++)
            await people.findOneBy({ id: (done * 7 + n * 13) % ROWS });
        });
        // A server reads its sockets between requests; analysis takes its turn there.
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async close() {
      await dataSource.query('DROP TABLE query_lens_bench_person');
      await app.close();
    },
  };
}

/** CPU of the whole process in microseconds, by statement. */
export async function cpuOf(count, work) {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / count;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
