// What one kind of telemetry adds to a `findOneBy`, in a process of its own: blocks of statements with it and without it take
// turns, so that a busy machine is busy for both. Prints one JSON line. Started by bench/run.mjs, with bench/otel.mjs preloaded.
import { metrics, trace } from '@opentelemetry/api';
import { QueryLensService } from 'nestjs-query-lens';
import { cpuOf, median, openApp } from './app.mjs';
import { watchByHand } from './floor.mjs';
import { instrumentations, meterProvider, tracerProvider } from './otel.mjs';

const [subject = 'floor', database = 'postgres', statements = '20000', url = ''] = process.argv.slice(2);

/** Some collections of the young generation each, so that garbage is paid where it was made. */
const PER_BLOCK = 150;

const isLens = subject.startsWith('lens');
const lens = { telemetry: { metrics: subject === 'lens-spans' ? false : 'auto' } };
const { app, dataSource, run, close } = await openApp(database, url, isLens ? lens : undefined);
const service = isLens ? app.get(QueryLensService) : undefined;

const tracer = tracerProvider.getTracer('bench');
/** As the instrumentation of a server would make it, in both kinds of blocks. */
const inSpan = (work) =>
  tracer.startActiveSpan('bench', async (span) => {
    await work();
    span.end();
  });
const inUnit = isLens ? (work) => inSpan(() => service.observe('bench', work)) : inSpan;

/** Answers what switches it on and off. */
const subjects = {
  floor: () => {
    let isOn = false;
    watchByHand(dataSource, database, () => isOn);
    return (on) => (isOn = on);
  },
  // Without an SDK nothing is made, and nothing else of QueryLens changes.
  lens: () => (on) => {
    if (!on) return (trace.disable(), metrics.disable());
    trace.setGlobalTracerProvider(tracerProvider);
    metrics.setGlobalMeterProvider(meterProvider);
  },
  pair: () => (on) => {
    for (const instrumentation of instrumentations) on ? instrumentation.enable() : instrumentation.disable();
  },
};
const turn = subjects[isLens ? 'lens' : subject]();

turn(true);
await run(3_000, inUnit);
const added = [];
for (let block = 0; block * PER_BLOCK * 2 < Number(statements); block++) {
  const cost = {};
  for (const on of block % 2 === 0 ? [true, false] : [false, true]) {
    turn(on);
    await run(20, inUnit);
    cost[on] = await cpuOf(PER_BLOCK, () => run(PER_BLOCK, inUnit));
  }
  added.push(cost[true] - cost[false]);
}
turn(false);
console.log(JSON.stringify({ subject, database, addedUs: median(added) }));
await close();
process.exit(0);
