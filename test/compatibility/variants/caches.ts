import assert from 'node:assert/strict';
import { CACHE_MANAGER, CacheInterceptor, CacheModule, CacheTTL } from '@nestjs/cache-manager';
import {
  Controller,
  Get,
  Inject,
  Param,
  UseInterceptors,
  type DynamicModule,
  type INestApplication,
} from '@nestjs/common';
import type { TypeOrmModuleAsyncOptions } from '@nestjs/typeorm';
import type { Cache } from 'cache-manager';
import { QueryLensCacheInterceptor, queryLensResultCache } from 'nestjs-query-lens/cache';
import { DataSource } from 'typeorm';
import type { Check } from './check.js';
import { Author, libraryEntities } from './library.entities.js';
import type { RunningHost } from './running-host.js';

const MINUTE_MS = 60_000;
const CROWD = 20;

let computations = 0;
let intercept: unknown;

@Controller('library/:shelf')
class CachesController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  @Get('wrapped/:id')
  async wrapped(@Param('id') id: string): Promise<unknown> {
    return this.cache.wrap(
      `author:${id}`,
      () => this.dataSource.query(`SELECT wrapped.name FROM author wrapped WHERE id = ${String(Number(id))}`),
      MINUTE_MS,
    );
  }

  @Get('by-hand')
  async byHand(): Promise<unknown> {
    const known = await this.cache.get('authors');
    if (known !== undefined && known !== null) return known;
    const authors: unknown = await this.dataSource.query('SELECT hand.name FROM author hand');
    await this.cache.set('authors', authors, MINUTE_MS);
    return authors;
  }

  @Get('intercepted')
  @UseInterceptors(CacheInterceptor)
  @CacheTTL(MINUTE_MS)
  async intercepted(): Promise<unknown> {
    return this.dataSource.query('SELECT intercepted.name FROM author intercepted');
  }

  @Get('calm')
  @UseInterceptors(QueryLensCacheInterceptor)
  @CacheTTL(MINUTE_MS)
  async calm(): Promise<unknown> {
    computations += 1;
    await new Promise((resolve) => setTimeout(resolve, 100));
    return this.dataSource.query('SELECT calm.name FROM author calm');
  }

  @Get('result')
  async result(): Promise<unknown> {
    const authors = this.dataSource.getRepository(Author);
    return authors.find({ cache: { id: 'result', milliseconds: MINUTE_MS } });
  }
}

class CachesModule {}

export const neighbourModules: DynamicModule[] = [
  CacheModule.register({ isGlobal: true }),
  { module: CachesModule, controllers: [CachesController] },
];

export const databaseOptions: Partial<TypeOrmModuleAsyncOptions> = {
  inject: [CACHE_MANAGER],
  useFactory: (cache: Cache) => ({
    type: 'sqljs' as const,
    entities: libraryEntities,
    synchronize: true,
    cache: { provider: queryLensResultCache(cache) },
  }),
};

export const neighbourChecks: readonly Check[] = [
  {
    name: 'wrap(): a miss with the statements it caused, then hits that saved them',
    async run({ get, lens }) {
      const first = await get('wrapped/1');
      const again = await get('wrapped/1');
      await get('wrapped/2');
      assert.deepEqual([first.status, first.body], [200, again.body]);
      assert.deepEqual(await countsOf(lens, 'author:*'), [3, 1, 2]);
      const cache = await cacheOf(lens, 'author:*');
      assert.equal(cache?.computations.statements, 2);
      assert.equal(cache?.saved.statements, 1);
      assert.deepEqual(cache?.routes, ['GET /api/library/:shelf/wrapped/:id']);
    },
  },
  {
    name: 'get() and set() by hand',
    async run({ get, lens }) {
      for (let time = 0; time < 3; time += 1) assert.equal((await get('by-hand')).status, 200);
      assert.deepEqual(await countsOf(lens, 'authors'), [3, 2, 1]);
      assert.equal((await cacheOf(lens, 'authors'))?.saved.statements, 2);
    },
  },
  {
    name: "Nest's CacheInterceptor",
    async run({ get, lens }) {
      const first = await get('intercepted');
      // The answer is stored after it was sent.
      await until(async () => ((await cacheOf(lens, '/api/library/top/intercepted'))?.sets ?? 0) > 0);
      assert.equal((await get('intercepted')).body, first.body);
      assert.deepEqual(await countsOf(lens, '/api/library/top/intercepted'), [2, 1, 1]);
      assert.deepEqual((await cacheOf(lens, '/api/library/top/intercepted'))?.via, ['interceptor']);
    },
  },
  {
    name: 'QueryLensCacheInterceptor: a crowd at a cold key computes once',
    async run({ get, lens }) {
      const crowd = await Promise.all(Array.from({ length: CROWD }, () => get('calm')));
      assert.equal(computations, 1);
      assert.equal(new Set(crowd.map(({ body }) => body)).size, 1);
      const said = crowd.map(({ headers }) => headers.get('x-cache'));
      assert.equal(said.filter((text) => text === 'MISS').length, 1);
      assert.equal(said.filter((text) => text === 'COALESCED' || text === 'HIT').length, CROWD - 1);
      assert.equal((await cacheOf(lens, '/api/library/top/calm'))?.misses, 1);
    },
  },
  {
    name: "TypeORM's results in the same cache",
    async run({ get, lens }) {
      const first = await get('result');
      const second = await get('result');
      assert.deepEqual([first.status, first.body], [200, second.body]);
      const results = (await lens.caches()).filter(({ via }) => via.includes('typeorm'));
      const [counts] = results.map(({ lookUps, hits, misses }) => [lookUps, hits, misses]);
      assert.deepEqual(counts, [2, 1, 1]);
      const units = (await lens.units()).filter(({ name }) => name.endsWith('/result'));
      assert.deepEqual(
        units.map(({ queries }) => queries),
        [0, 1],
      );
    },
  },
];

export const closedChecks: readonly Check[] = [
  {
    name: 'closing the application takes the wrappers off the caches',
    async run({ app, lens }) {
      assert.equal(
        Object.getOwnPropertyDescriptor(CacheInterceptor.prototype, 'intercept')?.value,
        intercept,
      );
      const before = await countsOf(lens, 'author:*');
      assert.ok(await app.get<Cache>(CACHE_MANAGER, { strict: false }).get('author:1'));
      assert.deepEqual(await countsOf(lens, 'author:*'), before);
    },
  },
];

export function prepareNeighbours(): void {
  intercept = Object.getOwnPropertyDescriptor(CacheInterceptor.prototype, 'intercept')?.value;
}

export function configureNeighbours(_app: INestApplication): void {
  return;
}

async function cacheOf(lens: RunningHost['lens'], pattern: string) {
  return (await lens.caches()).find((cache) => cache.pattern === pattern && cache.via[0] !== 'typeorm');
}

/** Look-ups, hits, misses. */
async function countsOf(lens: RunningHost['lens'], pattern: string): Promise<number[]> {
  const cache = await cacheOf(lens, pattern);
  return cache === undefined ? [] : [cache.lookUps, cache.hits, cache.misses];
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200 && !(await isSo()); attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
}
