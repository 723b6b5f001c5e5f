import { CacheModule } from '@nestjs/cache-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UnitCacheAccess } from 'nestjs-query-lens';
import { startApp, type RunningApp } from '../start-app.js';
import { AuthorsController, AuthorsService } from './caches-app.js';

describe.each(['express', 'fastify'] as const)('the caches of an application on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      platform,
      imports: [CacheModule.register({ isGlobal: true, ttl: 30_000 })],
      controllers: [AuthorsController],
      providers: [AuthorsService],
    });
  });
  afterAll(() => running.app.close());
  beforeEach(() => running.lens.reset());

  /** What each request asked of its caches, oldest first. */
  const accesses = async () =>
    (await running.units()).map(({ caches }) => caches.map((access) => brief(access)));

  it('are recorded with the request that asked, by hand', async () => {
    await running.get('/authors/by-hand/1');
    await running.get('/authors/by-hand/1');
    expect(await accesses()).toEqual([
      ['get author:* miss application', 'set author:* set application'],
      ['get author:* hit application'],
    ]);
  });

  it('are recorded for wrap()', async () => {
    await running.get('/authors/titles');
    await running.get('/authors/titles');
    expect(await accesses()).toEqual([['wrap titles miss application'], ['wrap titles hit application']]);
  });

  it('are told from those of the interceptor', async () => {
    const [first, second] = [await running.get('/authors'), await running.get('/authors')];
    expect(await second.text()).toBe(await first.text());
    expect(await accesses()).toEqual([
      ['get /authors miss interceptor', 'set /authors set interceptor'],
      ['get /authors hit interceptor'],
    ]);
  });

  it('are seen through a subclass of the interceptor, apart from those of the handler', async () => {
    await running.get('/authors/quiet');
    expect(await accesses()).toEqual([
      [
        'get quiet-authors miss interceptor',
        'wrap titles hit application',
        'set quiet-authors set interceptor',
      ],
    ]);
  });

  it('are reported with what they saved, pattern by pattern', async () => {
    for (const id of [1, 2, 2, 1, 2]) await running.get(`/authors/by-hand/${String(id)}`);
    const [report] = (await running.lens.caches()).filter(({ pattern }) => pattern === 'author:*');
    expect(report).toMatchObject({ lookUps: 5, routes: ['GET /authors/by-hand/:id'], ttlMs: 60_000 });
    expect(report?.hits).toBeGreaterThanOrEqual(3);
    expect(await running.lens.text({ sections: ['caches'] })).toMatch(/author:\* +5 +\d+ %/);
  });

  it('tell that a value was served after its table had been written to', async () => {
    await running.get('/authors/by-hand/3');
    await running.post('/authors/rename/3', {});
    await running.get('/authors/by-hand/3');
    const [report] = (await running.lens.caches()).filter(({ pattern }) => pattern === 'author:*');
    expect(report?.staleReads).toMatchObject({
      hits: 1,
      table: 'author',
      writtenBy: 'POST /authors/rename/:id',
    });
  });
});

function brief({ operation, pattern, outcome, via }: UnitCacheAccess): string {
  return `${operation} ${pattern} ${outcome} ${via}`;
}
