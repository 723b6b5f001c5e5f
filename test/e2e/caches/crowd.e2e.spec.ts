import KeyvRedis from '@keyv/redis';
import { CacheInterceptor, CacheModule, CacheTTL } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Module, UseInterceptors, type Type } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { instrumentCache, QueryLensCacheInterceptor } from 'nestjs-query-lens/cache';
import { DataSource } from 'typeorm';
import { describeWith } from '../../databases.js';
import { startRedis, type PrivateRedis } from '../../redis-server.js';
import { Author } from '../library.entities.js';
import { startApp, type RunningApp } from '../start-app.js';

const CROWD = 200;

/** How many have come in, and what they wait for. */
let computations = 0;
let gate: Promise<unknown> = Promise.resolve();

function crowdController(interceptor: Type): Type {
  @Controller()
  class CrowdController {
    constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

    @Get('authors')
    @UseInterceptors(interceptor)
    @CacheTTL(60_000)
    async authors() {
      computations++;
      await gate;
      return this.dataSource.getRepository(Author).find({ order: { id: 'ASC' } });
    }
  }
  return CrowdController;
}

describeWith('redis', () => {
  let redis: PrivateRedis;
  let running: RunningApp | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });
  afterAll(() => redis.close());

  const start = async (interceptor: Type) => {
    const store = new KeyvRedis(
      { url: redis.url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } },
      { throwOnConnectError: false },
    );
    store.on('error', () => undefined);
    computations = 0;
    running = await startApp({
      imports: [
        CacheModule.register({ isGlobal: true, stores: [new Keyv({ store, namespace: interceptor.name })] }),
      ],
      controllers: [crowdController(interceptor)],
    });
    return running;
  };

  const crowd = async ({ get }: RunningApp) => {
    let open = (): void => undefined;
    gate = new Promise<void>((resolve) => (open = resolve));
    const answers = Array.from({ length: CROWD }, () => get('/authors'));
    setTimeout(open, 1_000);
    const all = await Promise.all(answers);
    return new Set(await Promise.all(all.map((one) => one.text())));
  };

  /** Answers are stored after the response: their units of work are complete a little later. */
  const counted = async ({ lens }: RunningApp) => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const [report] = (await lens.caches()).filter(({ pattern }) => pattern === '/authors');
      if (report?.lookUps === CROWD) return report;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Not every look-up was counted.');
  };

  it('200 requests for one cold key: one computation with QueryLensCacheInterceptor', async () => {
    const app = await start(QueryLensCacheInterceptor);
    expect((await crowd(app)).size).toBe(1);
    expect(computations).toBe(1);
    expect(await counted(app)).toMatchObject({ misses: 1, stampedes: { count: 0 } });
  });

  it("200 requests for one cold key: a stampede with Nest's own", async () => {
    const app = await start(CacheInterceptor);
    expect((await crowd(app)).size).toBe(1);
    expect(computations).toBeGreaterThan(1);
    await counted(app);
    const findings = (await app.lens.findings()).filter(({ kind }) => kind === 'cache-stampede');
    expect(findings).toMatchObject([{ cacheKey: 'default /authors', route: 'GET /authors' }]);
    expect(findings[0]?.advice.code).toContain('QueryLensCacheInterceptor');
  });

  it.each([CacheInterceptor, QueryLensCacheInterceptor])(
    'the store goes down in the middle of traffic: answers of %p stay right, and every failure is counted',
    async (interceptor) => {
      const app = await start(interceptor);
      gate = Promise.resolve();
      const before = await (await app.get('/authors')).text();
      await redis.kill();
      for (let time = 0; time < 5; time++) expect(await (await app.get('/authors')).text()).toBe(before);
      await redis.start();
      // The lost connection itself is a finding too, of the cache and not of the key; so is each type of error.
      const occurrences = async () =>
        (await app.lens.findings())
          .filter(({ kind, cacheKey }) => kind === 'cache-failure' && cacheKey === 'default /authors')
          .reduce((sum, finding) => sum + finding.occurrences, 0);
      for (let attempt = 0; (await occurrences()) < 5 && attempt < 200; attempt++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await occurrences()).toBeGreaterThanOrEqual(5);
      const failures = (await app.lens.caches()).reduce((sum, one) => sum + one.failures, 0);
      expect(failures).toBeGreaterThanOrEqual(5);
    },
  );
});

@Module({})
class NothingModule {}

it('a cache that Nest does not provide is recorded by instrumentCache(), until it is taken back', async () => {
  const app = await startApp({ imports: [NothingModule] });
  const cache = createCache();
  const undo = instrumentCache(cache, { name: 'prices' });
  await app.lens.observe('Prices.load', () => cache.wrap('price:1', () => 12));
  undo();
  await app.lens.observe('Prices.load', () => cache.wrap('price:2', () => 13));
  const reports = await app.lens.caches();
  await app.app.close();
  expect(reports).toMatchObject([
    { cache: 'prices', pattern: 'price:*', misses: 1, routes: ['Prices.load'] },
  ]);
});
