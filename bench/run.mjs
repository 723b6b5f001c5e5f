// npm run bench: what QueryLens costs, statements as ratios, then hits of a cache (bench/cache.mjs). Each variant runs in processes of its own, in turns, so that a noisy
// machine is noisy for all of them; the figures are medians.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import findDatabases from '../test/find-databases.mjs';
import { median } from './app.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    statements: { type: 'string', default: '20000' },
    'warm-up': { type: 'string' },
    telemetry: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (options.help) {
  console.log(
    `npm run bench -- [--rounds 7] [--statements 20000] [--warm-up 40000] [--telemetry] [--report]
CPU per findOneBy and per hit of a cache: bare, with AsyncLocalStorage, with QueryLens. With --telemetry, in an application that has OpenTelemetry:
one span and one record of a histogram by hand, QueryLens, the instrumentations of TypeORM and pg. With --report, alone: what the admin endpoints take in an application of 1,000 routes.`,
  );
  process.exit(0);
}
if (!existsSync(new URL('../dist/esm/index.js', import.meta.url))) {
  console.error('The bench measures the built package: run `npm run build` first.');
  process.exit(1);
}

if (options.report) {
  const ofReport = fileURLToPath(new URL('./report.mjs', import.meta.url));
  execFileSync(process.execPath, [ofReport, '--rounds', options.rounds], { stdio: 'inherit' });
  process.exit(0);
}

const run = promisify(execFile);
const variants = options.telemetry
  ? ['lens-spans', 'lens-duration', 'lens', 'pair', 'otel-sdk', 'otel-lens']
  : ['bare', 'als', 'lens'];
const results = [];
/** Statements before those that are counted: code that is not compiled yet costs several times as much. */
const warmUp =
  options['warm-up'] ?? String(options.telemetry ? Math.ceil(Number(options.statements) / 4) : 40_000);

await findDatabases();
const found = JSON.parse(process.env.QUERY_LENS_TEST_DATABASES);

for (const database of ['better-sqlite3', 'postgres']) {
  if (found[database].whyNot !== undefined) {
    console.error(`${database} is left out: ${found[database].whyNot}`);
    continue;
  }
  const measured = new Map(variants.map((variant) => [variant, []]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const variant of variants) measured.get(variant).push(await measure(variant, database));
    process.stderr.write(`${database}: round ${round + 1} of ${options.rounds}\r`);
  }
  results.push({ database, measured });
}
process.stderr.write('\n');
for (const result of results) (options.telemetry ? printTelemetry : print)(result);
const ofCaches = fileURLToPath(new URL('./cache.mjs', import.meta.url));
if (!options.telemetry)
  execFileSync(process.execPath, [ofCaches, '--rounds', options.rounds], { stdio: 'inherit' });

async function measure(variant, database) {
  const isWhole = !options.telemetry || variant.startsWith('otel-');
  const script = fileURLToPath(new URL(isWhole ? './measure.mjs' : './telemetry.mjs', import.meta.url));
  const url = found[database].url ?? '';
  // As in production: reads of entities are not tracked there.
  const env = { ...process.env, NODE_ENV: 'production' };
  const otel = new URL('./otel.mjs', import.meta.url).href;
  const preload = options.telemetry ? ['--import', otel] : [];
  if (variant === 'pair') env.BENCH_INSTRUMENTATIONS = '1';
  if (variant === 'lens-duration') env.BENCH_METRICS = 'duration';
  const args = [...preload, script, variant, database, options.statements, url, warmUp];
  const { stdout } = await run(process.execPath, args, { env });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function print({ database, measured }) {
  const of = (figure) => variants.map((variant) => median(measured.get(variant).map((each) => each[figure])));
  const [bare, als, lens] = of('cpuUs');
  const [, coldAls, coldLens] = of('coldUs');
  const analysis = median(measured.get('lens').map(({ analysisUs }) => analysisUs));
  const row = (name, us, note = '') =>
    console.log(`  ${name.padEnd(34)}${us.toFixed(1).padStart(8)} us${note}`);
  console.log(
    `\nCPU per findOneBy on ${database}, ${options.statements} statements, median of ${options.rounds} processes each`,
  );
  row('TypeORM alone', bare);
  row('with AsyncLocalStorage', als, `   ${(als / bare).toFixed(2)} x`);
  row(
    'with QueryLens',
    lens,
    `   ${(lens / bare).toFixed(2)} x bare, ${(lens / als).toFixed(2)} x AsyncLocalStorage`,
  );
  row('  over bare + AsyncLocalStorage', lens - als);
  row('    of that analysis, afterwards', analysis);
  row('    of that on the request path', lens - als - analysis);
  const cold = `   ${(coldLens / coldAls).toFixed(2)} x AsyncLocalStorage (${coldAls.toFixed(1)} us)`;
  row(`over the first ${warmUp} statements`, coldLens, cold);
}

function printTelemetry({ database, measured }) {
  const of = (variant, figure) => median(measured.get(variant).map(figure));
  const sdk = of('otel-sdk', ({ cpuUs }) => cpuUs);
  const floors = variants.flatMap((variant) => measured.get(variant).flatMap(({ floorUs }) => floorUs ?? []));
  const floor = median(floors);
  const row = (name, us, ratio) =>
    console.log(`  ${name.padEnd(60)}${us.toFixed(1).padStart(8)} us   ${ratio.toFixed(2)} x the floor`);
  const added = (name, variant) =>
    row(
      name,
      of(variant, ({ addedUs }) => addedUs),
      of(variant, ({ addedUs, floorUs }) => addedUs / floorUs),
    );
  console.log(
    `\nCPU added to a findOneBy on ${database} in an application with OpenTelemetry (${sdk.toFixed(1)} us), ${options.statements} statements, median of ${options.rounds} processes each,\nthe floor measured in each of them`,
  );
  row('the floor: a span and a record of the duration, by hand', floor, 1);
  added('QueryLens: its spans', 'lens-spans');
  added('QueryLens: a span and a record of the duration', 'lens-duration');
  added('QueryLens: spans and metrics (duration, rows, wait, use)', 'lens');
  added('instrumentation-typeorm and instrumentation-pg', 'pair');
  const everything = of('otel-lens', ({ cpuUs }) => cpuUs) - sdk;
  row('QueryLens, everything: capture and analysis, too', everything, everything / floor);
}
