// node bench/cache.mjs [--rounds 7]: what a hit of a cache in memory costs, bare, with AsyncLocalStorage and with QueryLens.
// Each variant runs in processes of its own, in turns; the figures are medians of CPU time. A part of `npm run bench`.
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const HITS = 500_000;
const WARM_UP = 250_000;
const HITS_OF_UNIT = 100;
const variants = ['bare', 'als', 'lens'];
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, variant: { type: 'string' } },
});
const { variant } = options;
const rounds = Number(options.rounds);

if (variant === undefined) compare();
else console.log(await microsecondsOf(variant));

function compare() {
  const measured = new Map(variants.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of variants) {
      const script = fileURLToPath(import.meta.url);
      const env = { ...process.env, NODE_ENV: 'production' };
      const figure = execFileSync(process.execPath, [script, '--variant', name], { env, encoding: 'utf8' });
      measured.get(name).push(Number(figure));
    }
  const [bare, als, lens] = variants.map((name) => median(measured.get(name)));
  const row = (name, us, note = '') =>
    console.log(`  ${name.padEnd(34)}${us.toFixed(2).padStart(8)} us${note}`);
  console.log(`\nCPU per hit of a cache in memory, ${HITS} hits, median of ${rounds} processes each`);
  row('cache-manager alone', bare);
  row('with AsyncLocalStorage', als);
  row('with QueryLens', lens, `   ${(lens - bare).toFixed(2)} us more`);
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** CPU time of one hit in microseconds, in units of work of a hundred, the analysis of each included. */
async function microsecondsOf(name) {
  const { cache, observe, analysed } = await application(name);
  await cache.set('author:1', { name: 'Ada' });
  const run = async (hits) => {
    for (let done = 0; done < hits; done += HITS_OF_UNIT) {
      await observe(async () => {
        for (let hit = 0; hit < HITS_OF_UNIT; hit++) await cache.get('author:1');
      });
      // A server reads its sockets between requests; analysis takes its turn there.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await analysed();
  };
  await run(WARM_UP);
  const before = process.cpuUsage();
  await run(HITS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / HITS;
}

async function application(name) {
  const { createCache } = await import('cache-manager');
  const storage = new AsyncLocalStorage();
  const observe = { bare: (work) => work(), als: (work) => storage.run({}, work) }[name];
  if (observe !== undefined) return { cache: createCache(), observe, analysed: () => undefined };
  await import('reflect-metadata');
  const { NestFactory } = await import('@nestjs/core');
  const { CACHE_MANAGER, CacheModule } = await import('@nestjs/cache-manager');
  const { QueryLensModule, QueryLensService } = await import('nestjs-query-lens');
  const module = { module: class AppModule {}, imports: [QueryLensModule.forRoot(), CacheModule.register()] };
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  const lens = app.get(QueryLensService);
  return {
    cache: app.get(CACHE_MANAGER, { strict: false }),
    observe: (work) => lens.observe('hits', work),
    analysed: () => lens.report(),
  };
}
