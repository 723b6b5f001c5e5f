import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  VersioningType,
} from '@nestjs/common';
import { type AdminOptions, QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author } from './library.entities.js';
import { type Platform, type RunningApp, startApp } from './start-app.js';

const ROUTES = [
  'summary',
  'report',
  'report?format=text',
  'report.md',
  'routes',
  'loading-strategies',
  'slow-queries',
  'findings',
  'caches',
  'pools',
  'replication',
  'health',
  'transactions',
  'lock-conflicts',
  'self',
  'units',
  'openapi.json',
];
const TYPES: Record<string, string> = { 'report?format=text': 'text/plain', 'report.md': 'text/markdown' };
const TOKEN = 'correct horse battery staple';

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<number> {
    const authors = await this.dataSource.manager.find(Author);
    for (const author of authors) await author.books;
    return authors.length;
  }
}

@Injectable()
class Keys {
  readonly key = 'open sesame';
}

@Injectable()
class KeyGuard implements CanActivate {
  constructor(
    private readonly keys: Keys,
    private readonly dataSource: DataSource,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    await this.dataSource.query('SELECT 1 AS guard');
    return context.switchToHttp().getRequest().headers['x-key'] === this.keys.key;
  }
}

@Module({ providers: [Keys], exports: [Keys] })
class KeysModule {}

describe.each<Platform>(['express', 'fastify'])('the admin endpoints on %s', (platform) => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(admin?: AdminOptions, prefix = ''): Promise<RunningApp> {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRootAsync({ imports: [KeysModule], useFactory: () => ({}), admin }),
      controllers: [AuthorsController],
      configure: (app) => {
        if (prefix !== '')
          app.setGlobalPrefix(prefix).enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      },
    });
    return running;
  }

  it('do not exist until somebody is let in', async () => {
    const { get } = await start({ path: 'lens' });
    for (const route of ['', ...ROUTES, 'events', 'session', 'actions/reset']) {
      expect((await get(`/query-lens/${route}`)).status).toBe(404);
      expect((await get(`/lens/${route}`)).status).toBe(404);
    }
  });

  it('answer with JSON that nobody keeps', async () => {
    const { get } = await start({ public: true });
    await get('/authors');
    for (const route of ROUTES) {
      const response = await get(`/query-lens/${route}`);
      expect([route, response.status]).toEqual([route, 200]);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex',
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringContaining(TYPES[route] ?? 'application/json'),
      });
    }
    const report = await (await get('/query-lens/report')).json();
    expect(report).toMatchObject({ schema: 'query-lens/report@1', totals: { queries: 4 } });
    expect(await (await get('/query-lens/report?format=text')).text()).toContain('Author.books');
    expect(await (await get('/query-lens/report.md')).text()).toContain('### 1. n-plus-one `Author.books`');
    expect(await (await get('/query-lens/findings')).json()).toMatchObject([
      { kind: 'n-plus-one', relation: 'Author.books', route: 'GET /authors' },
    ]);
  });

  it('show one unit with its statements, or 404', async () => {
    const { get } = await start({ public: true });
    await get('/authors');
    const [{ id }] = (await (await get('/query-lens/units')).json()) as [{ id: string }];
    const unit = await (await get(`/query-lens/units/${id}`)).json();
    expect(unit).toMatchObject({ id, name: 'GET /authors', queries: 4, statements: { length: 4 } });
    expect(JSON.stringify(unit)).not.toContain('"values"');
    const missing = await get('/query-lens/units/nothing');
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store']);
  });

  it('verify the advice on a loop by loading it both ways', async () => {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRoot({
        admin: { public: true, allowActions: true },
        verifyAdvice: { mode: 'on-request', borrowConnection: true },
      }),
      controllers: [AuthorsController],
    });
    const { get, lens } = running;
    await get('/authors');
    const found = async () => (await lens.findings()).find(({ kind }) => kind === 'n-plus-one');
    const before = await found();
    expect(before?.advice.verified).toBeUndefined();
    expect(await (await get('/query-lens/summary')).json()).toMatchObject({ verifiesLoading: true });
    const { status } = await get(`/query-lens/actions/verify?finding=${before?.id ?? ''}`, {
      method: 'POST',
      headers: { 'x-query-lens': 'test' },
    });
    expect(status).toBe(204);
    const after = await found();
    // Advice that helped says so; advice that did not is withdrawn, with what was measured.
    expect(after?.advice.verified?.rung ?? after?.whyNot).toMatch(/^measured$|statement/);
  });

  it('are not recorded themselves, not even what their guards ask', async () => {
    const { get, lens } = await start({ guards: [KeyGuard] });
    await get('/query-lens/report', { headers: { 'x-key': 'open sesame' } });
    await get('/query-lens/units/1');
    const report = await lens.report();
    expect(report.routes.map(({ route }) => route)).toEqual([]);
  });

  it('ask the guards that Nest injects', async () => {
    const { get } = await start({ guards: [KeyGuard] });
    for (const route of ROUTES) {
      expect((await get(`/query-lens/${route}`)).status).toBe(403);
      expect((await get(`/query-lens/${route}`, { headers: { 'x-key': 'open sesame' } })).status).toBe(200);
    }
  });

  it('ask for the token', async () => {
    const { get } = await start({ token: TOKEN, path: '/internal/lens/' });
    const ask = async (authorization?: string) =>
      (await get('/internal/lens/report', { headers: authorization === undefined ? {} : { authorization } }))
        .status;
    expect(await ask()).toBe(401);
    expect(await ask(TOKEN)).toBe(401);
    expect(await ask(`Bearer ${TOKEN}!`)).toBe(401);
    expect(await ask(`Bearer ${TOKEN}`)).toBe(200);
    expect(await ask(`bearer ${TOKEN}`)).toBe(200);
  });

  it('need both, where there are guards and a token', async () => {
    const { get } = await start({ token: TOKEN, guards: [KeyGuard] });
    const token = { authorization: `Bearer ${TOKEN}` };
    expect((await get('/query-lens/report', { headers: token })).status).toBe(403);
    expect((await get('/query-lens/report', { headers: { ...token, 'x-key': 'open sesame' } })).status).toBe(
      200,
    );
  });

  it('stand below the global prefix, in no version', async () => {
    const { get } = await start({ public: true }, 'api');
    expect((await get('/query-lens/report')).status).toBe(404);
    expect((await get('/api/query-lens/report')).status).toBe(200);
    expect((await running!.lens.report()).routes.map(({ route }) => route)).toEqual(['GET (no route)']);
  });
});

describe('admin options', () => {
  it('refuse public in production', () => {
    const { NODE_ENV } = process.env;
    process.env['NODE_ENV'] = 'production';
    try {
      expect(() => QueryLensModule.forRoot({ admin: { public: true } })).toThrow('QL006');
      expect(() => QueryLensModule.forRoot({ admin: { token: TOKEN } })).not.toThrow();
    } finally {
      process.env['NODE_ENV'] = NODE_ENV;
    }
  });

  it.each([
    [true, 'admin" is true, so it cannot be used: an object such as { guards: [AdminGuard] } is needed'],
    [{ public: 'false' }, 'admin.public" is "false"'],
    [{ token: 12 }, 'admin.token" is a number'],
    [{ path: 1, public: true }, 'admin.path" is 1'],
    [{ guards: () => true }, 'admin.guards" is the function guards'],
    [{ guards: ['AdminGuard'] }, 'admin.guards" is ["AdminGuard"]'],
    [{ public: true, allowActions: 'yes' }, 'admin.allowActions" is "yes"'],
    [{ public: true, decorators: 'Public' }, 'admin.decorators" is "Public"'],
  ])('refuse %j, as JavaScript lets it pass', (admin, message) => {
    expect(() => QueryLensModule.forRoot({ admin: admin as never })).toThrow(`QL002: option "${message}`);
  });

  it('refuse a token that can be guessed, an empty path and unknown names', () => {
    expect(() => QueryLensModule.forRoot({ admin: { token: 'secret' } })).toThrow(
      'QL007: admin.token has 6 characters',
    );
    expect(() => QueryLensModule.forRoot({ admin: { path: '/', public: true } })).toThrow('QL002');
    // @ts-expect-error: a typing mistake, as JavaScript lets it pass
    expect(() => QueryLensModule.forRoot({ admin: { pubic: true } })).toThrow(
      'QL001: unknown option "admin.pubic"',
    );
  });
});
