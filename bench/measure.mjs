// One variant on one database in a process of its own: CPU time of `findOneBy`, in units of work of ten statements each,
// as a request would run them. Prints one JSON line. Started by bench/run.mjs.
import 'reflect-metadata';
import { AsyncLocalStorage } from 'node:async_hooks';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, QueryLensService } from 'nestjs-query-lens';
import { trace } from '@opentelemetry/api';
import { DataSource, EntitySchema } from 'typeorm';
import { watchByHand } from './floor.mjs';

const STATEMENTS_PER_UNIT = 10;
const ROWS = 1_000;

const [variant = 'bare', database = 'better-sqlite3', statements = '20000', url = '', warmUp = '40000'] =
  process.argv.slice(2);

const isLens = variant === 'lens' || variant === 'otel-lens';

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

const connections = {
  'better-sqlite3': { type: 'better-sqlite3', database: ':memory:' },
  postgres: { type: 'postgres', url },
};

const app = await NestFactory.createApplicationContext(
  {
    module: class BenchModule {},
    imports: [
      TypeOrmModule.forRoot({
        ...connections[database],
        retryAttempts: 0,
        entities: [Person],
        synchronize: true,
      }),
      ...(isLens ? [QueryLensModule.forRoot({ logFindings: false, logSlowQueries: false })] : []),
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

const storage = new AsyncLocalStorage();
const service = isLens ? app.get(QueryLensService) : undefined;
const tracer = trace.getTracer('bench');
/** As the instrumentation of a server would make it. */
const inSpan = (work) =>
  tracer.startActiveSpan('bench', async (span) => {
    await work();
    span.end();
  });
const inUnit = {
  bare: (work) => work(),
  als: (work) => storage.run({}, work),
  lens: (work) => service.observe('bench', work),
  'otel-sdk': inSpan,
  'otel-floor': inSpan,
  'otel-pair': inSpan,
  'otel-lens': (work) => inSpan(() => service.observe('bench', work)),
}[variant];
if (variant === 'otel-floor') watchByHand(dataSource, database);

/** Ids differ within a unit and from unit to unit: nothing to report, nothing to fold. */
async function run(count) {
  for (let done = 0; done < count; done += STATEMENTS_PER_UNIT) {
    await inUnit(async () => {
      for (let n = 0; n < STATEMENTS_PER_UNIT; n++)
        await people.findOneBy({ id: (done * 7 + n * 13) % ROWS });
    });
    // A server reads its sockets between requests; analysis takes its turn there.
    await new Promise((resolve) => setImmediate(resolve));
  }
}

// A server has compiled its code after minutes; a short bench would measure the compiler.
const coldCpu = await cpuOf(Number(warmUp));
const analysedBefore = await analysisMicroseconds();
const warmCpu = await cpuOf(Number(statements));
const analysis = (await analysisMicroseconds()) - analysedBefore;
console.log(
  JSON.stringify({
    variant,
    database,
    coldUs: coldCpu / Number(warmUp),
    cpuUs: warmCpu / Number(statements),
    analysisUs: analysis / Number(statements),
  }),
);
await dataSource.query('DROP TABLE query_lens_bench_person');
await app.close();

async function cpuOf(count) {
  const before = process.cpuUsage();
  await run(count);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function analysisMicroseconds() {
  return service === undefined ? 0 : (await service.report()).self.analysisMicroseconds;
}
