// What one kind of telemetry adds to a `findOneBy`, and what the floor adds in the same process: blocks of statements with
// neither, with the floor and with the subject take turns, so that a busy machine, and what the compiler made of the code, are the
// same for all three. Prints one JSON line. Started by bench/run.mjs, with bench/otel.mjs preloaded.
import { metrics, trace } from '@opentelemetry/api';
import { QueryLensService } from 'nestjs-query-lens';
import { cpuOf, median, openApp } from './app.mjs';
import { watchByHand } from './floor.mjs';
import { instrumentations, meterProvider, tracerProvider } from './otel.mjs';

const [subject = 'lens', database = 'postgres', statements = '60000', url = ''] = process.argv.slice(2);

/** About one collection of the young generation each, so that garbage is paid where it was made. */
const PER_BLOCK = 300;
const MODES = ['nothing', 'floor', subject];

const isLens = subject.startsWith('lens');
const lens = { telemetry: { metrics: subject === 'lens-spans' ? false : 'auto' } };
const { app, dataSource, run, close } = await openApp(database, url, isLens ? lens : undefined);
const service = isLens ? app.get(QueryLensService) : undefined;

const tracer = tracerProvider.getTracer('bench');
/** As the instrumentation of a server would make it, in every block. */
const inSpan = (work) =>
  tracer.startActiveSpan('bench', async (span) => {
    await work();
    span.end();
  });
const inUnit = isLens ? (work) => inSpan(() => service.observe('bench', work)) : inSpan;

let isFloorOn = false;
watchByHand(dataSource, database, () => isFloorOn);

function turnTo(mode) {
  isFloorOn = mode === 'floor';
  const isOn = mode === subject;
  for (const instrumentation of instrumentations) isOn ? instrumentation.enable() : instrumentation.disable();
  if (!isLens) return;
  // Without an SDK nothing is made, and nothing else of QueryLens changes.
  if (!isOn) return (trace.disable(), metrics.disable());
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(meterProvider);
}

for (const mode of MODES) {
  turnTo(mode);
  await run(2_000, inUnit);
}
const floor = [];
const added = [];
for (let round = 0; round * PER_BLOCK * MODES.length < Number(statements); round++) {
  const cost = {};
  const first = round % MODES.length;
  for (const mode of [...MODES.slice(first), ...MODES.slice(0, first)]) {
    turnTo(mode);
    await run(20, inUnit);
    cost[mode] = await cpuOf(PER_BLOCK, () => run(PER_BLOCK, inUnit));
  }
  floor.push(cost.floor - cost.nothing);
  added.push(cost[subject] - cost.nothing);
}
turnTo('nothing');
console.log(JSON.stringify({ subject, database, floorUs: median(floor), addedUs: median(added) }));
await close();
process.exit(0);
