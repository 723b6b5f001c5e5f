import { CACHE_MANAGER } from '@nestjs/cache-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Cache } from 'cache-manager';
import { QueryLensService, type Report } from 'nestjs-query-lens';
import { describeWith } from '../../../test/databases.js';
import { AppModule } from '../src/app.module.js';

const CROWD = 40;

const lookUps = ({ caches }: Report) =>
  caches
    .filter(({ pattern }) => pattern.endsWith('/shop-window'))
    .reduce((sum, cache) => sum + cache.lookUps, 0);

/** Before and after, with `REDIS_URL` and without. */
function measure(redisUrl: string | undefined): void {
  let app: INestApplication;
  let report: Report;
  let text: string;
  const answers = new Map<string, unknown[]>();

  beforeAll(async () => {
    if (redisUrl === undefined) delete process.env['REDIS_URL'];
    else process.env['REDIS_URL'] = redisUrl;
    app = await NestFactory.create(AppModule, { logger: false });
    await app.listen(0);
    await app.get<Cache>(CACHE_MANAGER, { strict: false }).clear();
    const url = await app.getUrl();
    const get = async (path: string) => {
      const answer: unknown = await (await fetch(url + path)).json();
      answers.set(path, [...(answers.get(path) ?? []), answer]);
    };
    for (let time = 0; time < 20; time++) {
      await get('/before/bestsellers');
      await get('/after/bestsellers');
    }
    await fetch(`${url}/books/1/sales`, { method: 'POST' });
    await get('/after/bestsellers');
    for (const side of ['before', 'after']) {
      await Promise.all(Array.from({ length: CROWD }, () => get(`/${side}/shop-window`)));
      await get(`/${side}/genres/crime`);
      await get(`/${side}/genres/poetry`);
    }
    const lens = app.get(QueryLensService);
    report = await lens.report();
    // Answers are stored after the response: their units of work are complete a little later.
    for (let attempt = 0; lookUps(report) < 2 * CROWD && attempt < 200; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      report = await lens.report();
    }
    text = await lens.text({ sections: ['caches'] });
  });
  afterAll(async () => {
    delete process.env['REDIS_URL'];
    await app.close();
  });

  const statementsOf = (route: string) => {
    const { units = 0, queries } = report.routes.find((one) => one.route === route) ?? {};
    return { units, atMost: queries?.max };
  };
  const cacheOf = (pattern: string) => report.caches.find((cache) => cache.pattern === pattern);

  it('keeps the values where it was told to', () => {
    // Only what leaves the process is text whose size is known.
    expect(cacheOf('bestsellers')?.bytes === undefined).toBe(redisUrl === undefined);
  });

  it('asks the database every time before, and once after', () => {
    expect(statementsOf('GET /before/bestsellers')).toMatchObject({ units: 20, atMost: 1 });
    expect(cacheOf('bestsellers')).toMatchObject({
      lookUps: 21,
      misses: 1,
      hits: 20,
      saved: { statements: 20 },
    });
    // A statement on a database in this process may be as fast as a trip to Redis.
    if (redisUrl === undefined) expect(cacheOf('bestsellers')?.saved.timeMs).toBeGreaterThan(0);
    expect(answers.get('/after/bestsellers')?.[0]).toEqual(answers.get('/before/bestsellers')?.[0]);
  });

  it('computes the shop window once, where the crowd waits for the first', () => {
    expect(cacheOf('/after/shop-window')).toMatchObject({ misses: 1, stampedes: { count: 0 } });
    expect(cacheOf('/before/shop-window')?.misses).toBeGreaterThan(1);
    const stampedes = report.findings.filter(({ kind }) => kind === 'cache-stampede');
    expect(stampedes.map(({ cacheKey }) => cacheKey)).toEqual(['default /before/shop-window']);
  });

  it('finds the identifier that several genres share, and only that one', () => {
    const collisions = report.findings.filter(({ kind }) => kind === 'cache-id-collision');
    expect(collisions.map(({ route }) => route)).toEqual(['GET /before/genres/:genre']);
    // The provider of QueryLens does not serve the rows of another genre.
    expect(answers.get('/before/genres/poetry')).toEqual(answers.get('/after/genres/poetry'));
  });

  it('states that bestsellers were served after a sale that they were not told of', () => {
    expect(cacheOf('bestsellers')?.staleReads).toMatchObject({
      hits: 1,
      table: 'book',
      writtenBy: 'POST /books/:id/sales',
    });
  });

  it('has all this in the text report', () => {
    expect(text).toContain('Caches');
    expect(text).toMatch(/bestsellers +21 +95 %/);
    expect(text).toContain('POST /books/:id/sales wrote to book');
  });
}

describe('sample 02: caching in memory', () => {
  measure(undefined);
});

describeWith('redis', (redisUrl) => {
  describe('sample 02: caching in Redis', () => {
    measure(redisUrl);
  });
});
