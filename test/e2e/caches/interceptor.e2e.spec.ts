import { CACHE_MANAGER, CacheInterceptor, CacheKey, CacheModule, CacheTTL } from '@nestjs/cache-manager';
import {
  BadRequestException,
  Controller,
  Get,
  Injectable,
  Param,
  Post,
  StreamableFile,
  UseInterceptors,
  type ExecutionContext,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cache } from 'cache-manager';
import { QueryLensCacheInterceptor } from 'nestjs-query-lens/cache';
import { Observable, of } from 'rxjs';
import { startApp, type RunningApp } from '../start-app.js';

let calls: Record<string, number> = {};
const called = (name: string) => (calls[name] = (calls[name] ?? 0) + 1);
/** What handlers wait for, where a test wants them to meet. */
let gate: Promise<void> = Promise.resolve();

function controllerWith(interceptor: Type<CacheInterceptor>): Type {
  @Injectable()
  class ByUser extends interceptor {
    override trackBy(context: ExecutionContext) {
      const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
      return `user-${headers['x-user'] ?? 'nobody'}`;
    }
  }

  @Controller()
  @UseInterceptors(interceptor)
  class AnswersController {
    @Get('number')
    number() {
      return { number: called('number') };
    }

    @Get('path/:id')
    path(@Param('id') id: string) {
      return { id, number: called(`path ${id}`) };
    }

    @Get('keyed')
    @CacheKey('a-key')
    keyed() {
      return { number: called('keyed') };
    }

    @Get('keyed-by')
    @CacheKey((context: ExecutionContext) => `keyed:${context.getHandler().name}`)
    keyedBy() {
      return { number: called('keyedBy') };
    }

    @Get('short')
    @CacheTTL(150)
    short() {
      return { number: called('short') };
    }

    @Get('short-by')
    @CacheTTL(() => 150)
    shortBy() {
      return { number: called('shortBy') };
    }

    @Post('write')
    write() {
      return { number: called('write') };
    }

    @Get('file')
    file() {
      return new StreamableFile(Buffer.from(`file ${String(called('file'))}`));
    }

    @Get('fails')
    fails() {
      throw new BadRequestException(`failure ${String(called('fails'))}`);
    }

    @Get('text')
    text() {
      return `text ${String(called('text'))}`;
    }

    @Get('observable')
    observable(): Observable<object> {
      return of({ number: called('observable') });
    }

    @Get('null')
    null() {
      called('null');
      return null;
    }

    @Get('slow')
    async slow() {
      const number = called('slow');
      await gate;
      return { number };
    }

    @Get('slow-failure')
    async slowFailure() {
      const number = called('slowFailure');
      await gate;
      if (number === 1) throw new BadRequestException('the first one fails');
      return { number };
    }

    @Get('by-user')
    @UseInterceptors(ByUser)
    byUser() {
      return { number: called('byUser') };
    }
  }
  return AnswersController;
}

async function start(
  interceptor: Type<CacheInterceptor>,
  platform: 'express' | 'fastify',
  register = CacheModule.register({ isGlobal: true }),
): Promise<RunningApp> {
  calls = {};
  return startApp({ platform, imports: [register], controllers: [controllerWith(interceptor)] });
}

const cacheOf = (app: INestApplication) => app.get<Cache>(CACHE_MANAGER, { strict: false });
const header = (response: Response) => response.headers.get('x-cache');

/** The behaviours of Nest's own interceptor, which the other one keeps. */
describe.each(
  (['express', 'fastify'] as const).flatMap((platform) =>
    [CacheInterceptor, QueryLensCacheInterceptor].map(
      (interceptor) => [interceptor.name, platform, interceptor] as const,
    ),
  ),
)('%s on %s', (_name, platform, interceptor) => {
  let running: RunningApp;
  const twice = async (path: string, init?: RequestInit) => {
    const answers = [await running.get(path, init), await running.get(path, init)];
    return {
      texts: await Promise.all(answers.map((one) => one.text())),
      headers: answers.map(header),
      answers,
    };
  };

  beforeAll(async () => {
    running = await start(interceptor, platform);
  });
  afterAll(() => running.app.close());

  it('answers the second request from the cache', async () => {
    const { texts, headers } = await twice('/number');
    expect(texts).toEqual(['{"number":1}', '{"number":1}']);
    expect(headers).toEqual(['MISS', 'HIT']);
  });

  it('tells paths and queries apart', async () => {
    const answers = await Promise.all(
      ['/path/1', '/path/2', '/path/1?page=2'].map((path) => running.get(path)),
    );
    expect(answers.map(header)).toEqual(['MISS', 'MISS', 'MISS']);
    expect(calls).toMatchObject({ 'path 1': 2, 'path 2': 1 });
  });

  it('uses a key of its own where there is one, also for look-ups by others', async () => {
    await twice('/keyed');
    await twice('/keyed-by');
    expect(calls).toMatchObject({ keyed: 1, keyedBy: 1 });
    expect(await cacheOf(running.app).get('a-key')).toEqual({ number: 1 });
    expect(await cacheOf(running.app).get('keyed:keyedBy')).toEqual({ number: 1 });
  });

  it('lets answers live as long as they are told', async () => {
    for (const path of ['/short', '/short-by']) {
      const { texts } = await twice(path);
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(await (await running.get(path)).text()).not.toBe(texts[1]);
    }
  });

  it('leaves writes, files and failures alone', async () => {
    await running.post('/write', {});
    await running.post('/write', {});
    const file = await twice('/file');
    const failure = await twice('/fails');
    expect(calls).toMatchObject({ write: 2, file: 2, fails: 2 });
    expect(file.texts).toEqual(['file 1', 'file 2']);
    expect(failure.answers.map(({ status }) => status)).toEqual([400, 400]);
  });

  it('caches texts and observables', async () => {
    expect((await twice('/text')).texts).toEqual(['text 1', 'text 1']);
    expect((await twice('/observable')).texts).toEqual(['{"number":1}', '{"number":1}']);
  });

  it('can be extended', async () => {
    await twice('/by-user', { headers: { 'x-user': 'ada' } });
    await twice('/by-user', { headers: { 'x-user': 'grace' } });
    expect(await cacheOf(running.app).get('user-ada')).toEqual({ number: 1 });
  });

  it('answers right when the cache fails', async () => {
    const cache = cacheOf(running.app);
    const { get, set } = cache;
    const fail = () => Promise.reject(new Error('no cache'));
    Object.assign(cache, { get: fail, set: fail });
    const { texts } = await twice('/path/9');
    Object.assign(cache, { get, set });
    expect(texts).toEqual(['{"id":"9","number":1}', '{"id":"9","number":2}']);
  });
});

describe.each(['express', 'fastify'] as const)(
  'what only QueryLensCacheInterceptor does on %s',
  (platform) => {
    let running: RunningApp;
    beforeAll(async () => {
      running = await start(QueryLensCacheInterceptor, platform);
    });
    afterAll(() => running.app.close());

    /** Requests that are all under way before the handler may end. */
    const together = async (count: number, path: string) => {
      let open = (): void => undefined;
      gate = new Promise((resolve) => (open = resolve));
      const answers = Array.from({ length: count }, () => running.get(path));
      setTimeout(open, 300);
      return Promise.all(answers);
    };

    /** The answer is stored after the response. */
    const slowReport = async () => (await running.lens.caches()).find(({ pattern }) => pattern === '/slow');

    it('computes a cold key once, however many ask', async () => {
      const answers = await together(50, '/slow');
      expect(calls['slow']).toBe(1);
      expect(new Set(await Promise.all(answers.map((one) => one.text())))).toEqual(new Set(['{"number":1}']));
      const said = answers.map(header);
      expect(said.filter((one) => one === 'MISS')).toHaveLength(1);
      expect(said.filter((one) => one === 'COALESCED' || one === 'HIT')).toHaveLength(49);
      let report = await slowReport();
      for (let attempt = 0; report?.lookUps !== 50 && attempt < 200; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        report = await slowReport();
      }
      expect(report).toMatchObject({ misses: 1, via: ['interceptor'] });
      expect((report?.coalesced ?? 0) + (report?.hits ?? 0)).toBe(49);
      expect((await running.lens.findings()).filter(({ kind }) => kind === 'cache-stampede')).toEqual([]);
    });

    it('lets everybody try when the first one fails', async () => {
      const answers = await together(5, '/slow-failure');
      expect(answers.map(({ status }) => status).filter((status) => status === 400)).toHaveLength(1);
      expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(4);
    });

    it('caches null', async () => {
      const said = [header(await running.get('/null')), header(await running.get('/null'))];
      expect(said).toEqual(['MISS', 'HIT']);
      expect(calls['null']).toBe(1);
    });

    it('says how old an answer is, and what it did not look up', async () => {
      await running.get('/number');
      expect((await running.get('/number')).headers.get('age')).toMatch(/^\d+$/);
      expect(header(await running.post('/write', {}))).toBe('BYPASS');
    });
  },
);

describe('a refresh before the end', () => {
  class RefreshingInterceptor extends QueryLensCacheInterceptor {
    protected override refreshThresholdMs = 60_000;
  }

  it('gives the old answer as STALE and a new one afterwards', async () => {
    const running = await start(
      RefreshingInterceptor,
      'express',
      CacheModule.register({ isGlobal: true, ttl: 30_000 }),
    );
    const said = [await running.get('/number'), await running.get('/number')];
    for (let attempt = 0; calls['number'] !== 2 && attempt < 200; attempt++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const third = await (await running.get('/number')).text();
    await running.app.close();
    expect(said.map(header)).toEqual(['MISS', 'STALE']);
    expect(third).toBe('{"number":2}');
  });
});
