import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type LoggerService, Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { type Context, context, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';
import { ignoreFindings, QueryLensModule, QueryLensService, type QueryLensOptions } from 'nestjs-query-lens';
import { AsyncLocalStorage } from 'node:async_hooks';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { describeOn } from '../databases.js';
import { VERSION } from '../../lib/version.js';
import { Author, Book } from './library.entities.js';
import { type RunningApp, SQLJS, startApp } from './start-app.js';

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<number> {
    const authors = await this.dataSource.manager.find(Author);
    for (const author of authors) await author.books;
    return authors.length;
  }

  @Get('broken')
  async broken(): Promise<unknown> {
    return this.dataSource.query("SELECT nothing FROM author WHERE name = 'secret'").catch(() => 'failed');
  }
}

@Injectable()
class LensOptions {
  createQueryLensOptions(): QueryLensOptions {
    return { detectors: { 'n-plus-one': false } };
  }
}

@Module({ providers: [LensOptions], exports: [LensOptions] })
class LensOptionsModule {}

let running: RunningApp | undefined;

afterEach(async () => {
  await running?.app.close();
  running = undefined;
});

async function kindsFound(lens: ReturnType<typeof QueryLensModule.forRoot>): Promise<string[]> {
  running = await startApp({ lens, controllers: [AuthorsController] });
  await running.get('/authors');
  return (await running.lens.findings()).map(({ kind }) => kind);
}

describe('QueryLensModule', () => {
  it('finds an n-plus-one without any option', async () => {
    expect(await kindsFound(QueryLensModule.forRoot())).toEqual(['n-plus-one']);
    const [found] = await running!.lens.findings();
    expect(found).toMatchObject({ relation: 'Author.books', route: 'GET /authors' });
    expect(found?.callSites[0]).toMatchObject({
      file: 'test/e2e/module.e2e.spec.ts',
      function: 'AuthorsController.list',
    });
    const [unit] = await running!.units();
    expect(unit?.findings).toEqual([{ kind: 'n-plus-one', severity: 'warning', title: found?.title }]);
  });

  it('finds nothing of a kind that is switched off', async () => {
    expect(await kindsFound(QueryLensModule.forRoot({ detectors: { 'n-plus-one': false } }))).toEqual([]);
  });

  it.each([
    [
      'useFactory',
      () =>
        QueryLensModule.forRootAsync({ useFactory: async () => new LensOptions().createQueryLensOptions() }),
    ],
    ['useClass', () => QueryLensModule.forRootAsync({ useClass: LensOptions })],
    [
      'useExisting',
      () => QueryLensModule.forRootAsync({ imports: [LensOptionsModule], useExisting: LensOptions }),
    ],
    [
      'an injected factory',
      () =>
        QueryLensModule.forRootAsync({
          imports: [LensOptionsModule],
          inject: [LensOptions],
          useFactory: (options: LensOptions) => options.createQueryLensOptions(),
        }),
    ],
  ])('takes its options from %s', async (_how, lens) => {
    expect(await kindsFound(lens())).toEqual([]);
  });

  it('refuses options that cannot be, at start-up', async () => {
    // @ts-expect-error: a typing mistake, as JavaScript lets it pass
    await expect(startApp({ lens: QueryLensModule.forRoot({ treshold: 1 }) })).rejects.toThrow('QL001');
  });

  it.each([
    ['forRoot()', () => QueryLensModule.forRoot(null as never), 'QL002: option "options" is null'],
    [
      'forRootAsync()',
      () => QueryLensModule.forRootAsync({}),
      'QL002: option "forRootAsync()" is {}, so it cannot be used: an object with useFactory, useClass or useExisting',
    ],
    [
      'forRootAsync()',
      () => QueryLensModule.forRootAsync(undefined as never),
      'QL002: option "forRootAsync()" is null',
    ],
  ])('refuses what is no options for %s', (_how, make, message) => {
    expect(make).toThrow(message);
  });

  it('refuses what a factory gave that is no options', async () => {
    const lens = QueryLensModule.forRootAsync({ useFactory: () => null as never });
    await expect(startApp({ lens })).rejects.toThrow('QL002: option "options" is null');
  });

  it.each([
    ['forRoot() twice', () => QueryLensModule.forRoot({ logFindings: false })],
    ['forRoot() and the class itself', () => QueryLensModule],
    ['forRootAsync() too', () => QueryLensModule.forRootAsync({ useFactory: () => ({}) })],
  ])('refuses %s', async (_how, second) => {
    await expect(startApp({ imports: [second()] })).rejects.toThrow(
      'QL008: QueryLensModule is imported 2 times, so every statement would be recorded, judged and logged as often',
    );
  });

  it('may be the same module in several imports', async () => {
    const lens = QueryLensModule.forRoot();
    @Module({ imports: [lens] })
    class FeatureModule {}
    running = await startApp({ lens, imports: [FeatureModule], controllers: [AuthorsController] });
    await running.get('/authors');
    expect(await running.units()).toHaveLength(1);
  });

  it('leaves out what is ignored, and says so', async () => {
    const reason = 'three authors';
    const ignore = [
      ignoreFindings({ kind: 'n-plus-one', relation: 'Author.books', route: 'GET /auth*', reason }),
      ignoreFindings({ kind: 'slow-query', reason }),
    ];
    expect(await kindsFound(QueryLensModule.forRoot({ ignore }))).toEqual([]);
    expect((await running!.lens.report()).self.ignores).toEqual([
      { rule: 'n-plus-one Author.books GET /auth*: three authors', matched: 1, isExpired: false },
      { rule: 'slow-query: three authors', matched: 0, isExpired: false },
    ]);
  });

  it('reports again what is ignored no longer', async () => {
    const ignore = [
      ignoreFindings({ kind: 'n-plus-one', reason: 'until the release', expires: '2020-01-01' }),
    ];
    expect(await kindsFound(QueryLensModule.forRoot({ ignore }))).toEqual(['n-plus-one']);
    expect((await running!.lens.report()).self.ignores).toMatchObject([{ matched: 0, isExpired: true }]);
  });

  it('forgets on reset()', async () => {
    await kindsFound(QueryLensModule.forRoot());
    await running!.lens.reset();
    const { totals, findings } = await running!.lens.report();
    expect([totals.units, findings, await running!.lens.units()]).toEqual([0, [], []]);
  });

  it('knows its version', () => {
    expect(VERSION).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  });

  it.each(['express', 'fastify'])(
    'sees everything in a testing module on %s, whose adapter comes late',
    async (platform) => {
      const module = await Test.createTestingModule({
        imports: [TypeOrmModule.forRoot(SQLJS), QueryLensModule.forRoot()],
        controllers: [AuthorsController],
      }).compile();
      const app =
        platform === 'fastify'
          ? module.createNestApplication(new FastifyAdapter())
          : module.createNestApplication();
      app.use((_request: unknown, _response: unknown, next: () => void) => {
        void app
          .get(DataSource)
          .query('SELECT 1 AS middleware')
          .then(() => {
            next();
          });
      });
      await app.init();
      if (platform === 'fastify') await app.getHttpAdapter().getInstance().ready();
      await request(app.getHttpServer()).get('/authors').expect(200);
      const [unit] = (await app.get(QueryLensService).units()).filter(({ kind }) => kind === 'http');
      expect(unit).toMatchObject({ name: 'GET /authors', queries: 2, status: 200 });
      expect(unit?.statements[0]?.statement).toContain('middleware');
      await app.close();
    },
  );
});

describe('logs', () => {
  it('go through the logger of the application, which keeps its TypeORM logger', async () => {
    const written: [string, unknown][] = [];
    const write = (level: string) => (message: unknown, scope: unknown) => {
      if (scope === 'QueryLens') written.push([level, message]);
    };
    const logger: LoggerService = { log: write('log'), warn: write('warn'), error: write('error') };
    const queries: string[] = [];
    const silent = () => undefined;
    const typeormLogger = {
      logQuery: (query: string) => void queries.push(query),
      logQueryError: silent,
      logQuerySlow: silent,
      logSchemaBuild: silent,
      logMigration: silent,
      log: silent,
    };
    running = await startApp({
      controllers: [AuthorsController],
      database: TypeOrmModule.forRoot({ ...SQLJS, logger: typeormLogger, logging: true }),
      configure: (app) => {
        app.useLogger(logger);
      },
    });
    await running.get('/authors');
    await running.get('/authors');
    await running.get('/authors/broken');
    await running.lens.report();
    expect(written).toHaveLength(2);
    expect(written[0]).toEqual([
      'warn',
      expect.stringMatching(
        /^n-plus-one Author[.]books x3 GET \/authors module[.]e2e[.]spec[.]ts:\d+ in AuthorsController[.]list$/,
      ),
    ]);
    const records = written.map(([, message]) => message).filter((message) => typeof message === 'object');
    expect(records).toMatchObject([{ event: 'failing-query', unit: 'GET /authors/broken' }]);
    expect(JSON.stringify(written)).not.toContain('secret');
    expect(queries.filter((query) => query.includes('FROM "book" "books"'))).toHaveLength(6);
  });
});

/** As much of an OpenTelemetry SDK as makes a span active. */
class TestContextManager {
  private readonly contexts = new AsyncLocalStorage<Context>();
  active = () => this.contexts.getStore() ?? ROOT_CONTEXT;
  with = (active: Context, work: (...args: any[]) => any, self?: unknown, ...args: unknown[]): any =>
    this.contexts.run(active, () => work.apply(self, args));
  bind = <T>(_context: Context, target: T): T => target;
  enable = () => this;
  disable = () => this;
}

describe('a trace', () => {
  it('is known by the units that run in it', async () => {
    context.setGlobalContextManager(new TestContextManager());
    running = await startApp();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const span = trace.wrapSpanContext({
      traceId,
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
    });
    await context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      running!.lens.observe('traced', () => running!.app.get(DataSource).query('SELECT 1')),
    );
    expect(await running.units()).toMatchObject([{ name: 'traced', traceId }]);
    context.disable();
  });
});

describeOn(['pglite', 'postgres'], (database) => {
  it('sees a whole application', async () => {
    const options = database.options({ entities: [Author, Book], synchronize: true, dropSchema: true });
    const own = await startApp({
      database: TypeOrmModule.forRoot(options),
      controllers: [AuthorsController],
    });
    await own.get('/authors');
    expect(await own.lens.findings()).toMatchObject([{ kind: 'n-plus-one', relation: 'Author.books' }]);
    expect((await own.lens.report()).dataSources).toMatchObject([
      { name: 'default', driver: 'postgres', queries: 4 },
    ]);
    await own.app.close();
  });
});
