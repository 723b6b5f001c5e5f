// One variant on one database in a process of its own: CPU time of `findOneBy`. Prints one JSON line. Started by bench/run.mjs.
import { AsyncLocalStorage } from 'node:async_hooks';
import { QueryLensService } from 'nestjs-query-lens';
import { trace } from '@opentelemetry/api';
import { cpuOf, openApp } from './app.mjs';

const [variant = 'bare', database = 'better-sqlite3', statements = '20000', url = '', warmUp = '40000'] =
  process.argv.slice(2);

const isLens = variant === 'lens' || variant === 'otel-lens';
const { app, run, close } = await openApp(database, url, isLens ? {} : undefined);

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
  'otel-lens': (work) => inSpan(() => service.observe('bench', work)),
}[variant];

// A server has compiled its code after minutes; a short bench would measure the compiler.
const coldUs = await cpuOf(Number(warmUp), () => run(Number(warmUp), inUnit));
const analysedBefore = await analysisMicroseconds();
const cpuUs = await cpuOf(Number(statements), () => run(Number(statements), inUnit));
const analysisUs = ((await analysisMicroseconds()) - analysedBefore) / Number(statements);
console.log(JSON.stringify({ variant, database, coldUs, cpuUs, analysisUs }));
await close();

async function analysisMicroseconds() {
  return service === undefined ? 0 : (await service.report()).self.analysisMicroseconds;
}
