import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CallHandler,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import { type AdminOptions, QueryLensModule } from 'nestjs-query-lens';
import { map, type Observable } from 'rxjs';
import { request } from 'node:http';
import { DataSource } from 'typeorm';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import { Author } from './library.entities.js';
import { type AppOptions, type Platform, type RunningApp, startApp } from './start-app.js';

const TOKEN = 'correct horse battery staple';
const BEARER = { authorization: `Bearer ${TOKEN}` };
const FROM_PAGE = { 'x-query-lens': 'page' };

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<number> {
    return (await this.dataSource.manager.find(Author)).length;
  }
}

@Injectable()
class NobodyGuard implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

const ignore = () => undefined;

/** Node's `fetch` sets `Sec-Fetch-Mode` by itself. */
function sendRaw(url: string, method: string, headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      const kept = new Headers();
      for (const name of ['set-cookie', 'retry-after']) {
        for (const value of [response.headers[name] ?? []].flat()) kept.append(name, value);
      }
      response.resume().once('end', () => {
        resolve(new Response(null, { status: response.statusCode ?? 0, headers: kept }));
      });
    });
    sent.once('error', reject).end();
  });
}

describe.each<Platform>(['express', 'fastify'])('access to the admin endpoints on %s', (platform) => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(admin: AdminOptions, options: AppOptions = {}): Promise<RunningApp> {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRoot({ admin }),
      controllers: [AuthorsController],
      ...options,
    });
    return running;
  }

  const send = (path: string, method: string, headers: Record<string, string> = {}) =>
    sendRaw(`${running!.url}/query-lens/${path}`, method, headers);
  const statusOf = async (path: string, method: string, headers: Record<string, string> = {}) =>
    (await send(path, method, headers)).status;

  describe('a session', () => {
    async function signIn(): Promise<string> {
      const response = await send('session', 'POST', { ...BEARER, ...FROM_PAGE });
      expect(response.status).toBe(204);
      return response.headers.get('set-cookie') ?? '';
    }

    it('is begun with the token, and kept in a cookie that no script and no other site can use', async () => {
      await start({ token: TOKEN });
      const cookie = await signIn();
      expect(cookie).toMatch(/^query-lens-session=\d+\.[\w-]{43}; Max-Age=43200; HttpOnly; SameSite=Strict$/);
      expect(cookie).not.toContain(TOKEN);
      const [session = ''] = cookie.split(';');
      expect(await statusOf('report', 'GET', { cookie: `theirs=1; ${session}` })).toBe(200);
    });

    it('is sent over TLS only where the page came over TLS', async () => {
      await start({ token: TOKEN });
      const headers = { ...BEARER, ...FROM_PAGE, 'x-forwarded-proto': 'https' };
      expect((await send('session', 'POST', headers)).headers.get('set-cookie')).toMatch(/; Secure$/);
    });

    it('ends, and cannot be made up, lengthened or taken along to another token', async () => {
      await start({ token: TOKEN });
      const [session = ''] = (await signIn()).split(';');
      const [end = '', signature = ''] = session.replace('query-lens-session=', '').split('.');
      for (const value of [
        '',
        '.',
        end,
        `${end}.`,
        `.${signature}`,
        `${String(Number(end) + 1)}.${signature}`,
        `${end}.${signature.slice(1)}A`,
        `${end}.${'A'.repeat(43)}`,
        `1.${signature}`,
      ]) {
        expect([value, await statusOf('report', 'GET', { cookie: `query-lens-session=${value}` })]).toEqual([
          value,
          401,
        ]);
      }
      const ended = await send('session', 'DELETE', { cookie: session, ...FROM_PAGE });
      expect([ended.status, ended.headers.get('set-cookie')]).toEqual([
        204,
        'query-lens-session=; Max-Age=0; HttpOnly; SameSite=Strict',
      ]);
      await running!.app.close();
      await start({ token: `${TOKEN} another` });
      expect(await statusOf('report', 'GET', { cookie: session })).toBe(401);
    });

    it('is not begun without the token, by another site, or where there is no token', async () => {
      await start({ token: TOKEN });
      expect(await statusOf('session', 'POST', FROM_PAGE)).toBe(401);
      expect(await statusOf('session', 'POST', { authorization: 'Bearer wrong', ...FROM_PAGE })).toBe(401);
      expect(await statusOf('session', 'POST', BEARER)).toBe(403);
      await running!.app.close();
      await start({ public: true });
      expect(await statusOf('session', 'POST', { ...BEARER, ...FROM_PAGE })).toBe(404);
    });
  });

  it('shows the page, and nothing else, to who has no token yet', async () => {
    const { get } = await start({ token: TOKEN });
    const page = await get('/query-lens');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await statusOf('summary', 'GET')).toBe(401);
    expect(await statusOf('events', 'GET')).toBe(401);
  });

  it('refuses the page to whom a guard refuses', async () => {
    const { get } = await start({ guards: [NobodyGuard] });
    expect((await get('/query-lens')).status).toBe(403);
  });

  it('stops who guesses tokens, and lets who has a session go on', async () => {
    await start({ token: TOKEN });
    const cookie =
      (await send('session', 'POST', { ...BEARER, ...FROM_PAGE })).headers.get('set-cookie') ?? '';
    const answers = new Set<number>();
    for (let i = 0; i < 15; i++)
      answers.add(await statusOf('report', 'GET', { authorization: `Bearer guess ${String(i)}` }));
    expect([...answers]).toEqual([401, 429]);
    expect(await statusOf('report', 'GET', BEARER)).toBe(429);
    expect(await statusOf('report', 'GET', { cookie: cookie.split(';')[0] ?? '' })).toBe(200);
  });

  it('stops who asks too often, and says when to come back', async () => {
    await start({ public: true });
    const responses = await Promise.all(Array.from({ length: 300 }, () => send('openapi.json', 'GET')));
    const refused = responses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
    expect(responses.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(100);
  });

  it('refuses what another site reads with its scripts, not who follows a link', async () => {
    await start({ public: true });
    const cross = { 'sec-fetch-site': 'cross-site' };
    expect(await statusOf('report', 'GET', { ...cross, 'sec-fetch-mode': 'cors' })).toBe(403);
    expect(await statusOf('report', 'GET', { ...cross, 'sec-fetch-mode': 'no-cors' })).toBe(403);
    expect(await statusOf('report', 'GET', { ...cross, 'sec-fetch-mode': 'navigate' })).toBe(200);
    expect(await statusOf('report', 'GET', { 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  describe('actions', () => {
    it('do not exist unless they are allowed', async () => {
      const { get } = await start({ public: true });
      expect(await statusOf('actions/reset', 'POST', FROM_PAGE)).toBe(404);
      expect(await (await get('/query-lens/summary')).json()).toMatchObject({ actions: [], isPaused: false });
    });

    it('forget, pause and resume', async () => {
      const { get } = await start({ public: true, allowActions: true });
      const summary = async () => (await get('/query-lens/summary')).json();
      await get('/authors');
      expect(await summary()).toMatchObject({
        actions: ['reset', 'pause', 'resume', 'investigate', 'verify'],
        hasSession: false,
        totals: { units: 1, queries: 1 },
      });
      expect(await statusOf('actions/investigate', 'POST', FROM_PAGE)).toBe(204);
      expect(await statusOf('actions/reset', 'POST', FROM_PAGE)).toBe(204);
      expect(await summary()).toMatchObject({ totals: { units: 0, queries: 0 } });
      expect(await statusOf('actions/pause', 'POST', FROM_PAGE)).toBe(204);
      expect((await get('/authors')).status).toBe(200);
      expect(await summary()).toMatchObject({ isPaused: true, totals: { units: 0, queries: 0 } });
      expect(await statusOf('actions/resume', 'POST', FROM_PAGE)).toBe(204);
      await get('/authors');
      expect(await summary()).toMatchObject({ isPaused: false, totals: { units: 1, queries: 1 } });
      expect(await statusOf('actions/toString', 'POST', FROM_PAGE)).toBe(404);
    });

    it('read the plan of a statement that was seen, and say why there is none', async () => {
      const { get } = await start({ public: true, allowActions: true });
      await get('/authors');
      const statement = async () => (await running!.lens.slowQueries())[0];
      const { fingerprint = '' } = (await statement()) ?? {};
      expect(await statusOf('actions/investigate?fingerprint=0123456789abcdef', 'POST', FROM_PAGE)).toBe(404);
      expect(await statusOf(`actions/investigate?fingerprint=${fingerprint}`, 'GET', FROM_PAGE)).toBe(404);
      expect(await statusOf(`actions/investigate?fingerprint=${fingerprint}`, 'POST')).toBe(403);
      expect((await statement())?.whyNot).toBeUndefined();
      const target = new URLSearchParams({ fingerprint, dataSource: 'default' }).toString();
      expect(await statusOf(`actions/investigate?${target}`, 'POST', FROM_PAGE)).toBe(204);
      expect((await statement())?.whyNot).toBeDefined();
      expect(await statusOf('actions/investigate', 'POST', FROM_PAGE)).toBe(204);
    });

    it('verify no finding that is not there, or that no plan can prove', async () => {
      const { get } = await start({ public: true, allowActions: true });
      await get('/authors');
      expect(await statusOf('actions/verify', 'POST', FROM_PAGE)).toBe(404);
      expect(await statusOf('actions/verify?finding=none', 'POST', FROM_PAGE)).toBe(404);
    });

    it('ask a database so often and no more, whoever asks', async () => {
      await start({ public: true, allowActions: true });
      const answers: number[] = [];
      for (let i = 0; i < 30; i++) answers.push(await statusOf('actions/investigate', 'POST', FROM_PAGE));
      expect(answers.slice(0, 10)).toEqual(answers.slice(0, 10).map(() => 204));
      const refused = await send('actions/investigate', 'POST', FROM_PAGE);
      expect(answers).toContain(429);
      expect(refused.status === 429 ? refused.headers.get('retry-after') : '5').toBe('5');
      // What asks no database goes on.
      expect(await statusOf('actions/pause', 'POST', FROM_PAGE)).toBe(204);
    });

    it('read no plans where that is switched off', async () => {
      const lens = QueryLensModule.forRoot({
        admin: { public: true, allowActions: true },
        investigate: { mode: 'off' },
      });
      const { get } = await start({}, { lens });
      expect(await (await get('/query-lens/summary')).json()).toMatchObject({
        actions: ['reset', 'pause', 'resume'],
      });
      expect(await statusOf('actions/investigate', 'POST', FROM_PAGE)).toBe(404);
    });

    it('are logged, with who did it', async () => {
      await start({ public: true, allowActions: true });
      const lines: string[] = [];
      const logger = { log: (line: string) => lines.push(line), warn: ignore, error: ignore };
      Logger.overrideLogger(logger);
      try {
        await send('actions/pause', 'POST', FROM_PAGE);
        await send(`actions/resume?dataSource=${encodeURIComponent('a\nforged')}`, 'POST', FROM_PAGE);
      } finally {
        Logger.overrideLogger(false);
      }
      expect(lines).toEqual([
        expect.stringMatching(/^pause on the admin page, by (?:::1|::ffff:127\.0\.0\.1|127\.0\.0\.1)$/),
        expect.stringMatching(/^resume on the admin page, by \S+$/),
      ]);
    });

    it('are logged with their trace', async () => {
      const sdk = new ExportingSdk();
      await sdk.start();
      const lines: string[] = [];
      try {
        await start({ public: true, allowActions: true });
        Logger.overrideLogger({ log: (line: string) => lines.push(line), warn: ignore, error: ignore });
        await send('actions/pause', 'POST', FROM_PAGE);
        const [request] = (await sdk.exported()).filter(({ name }) => name.includes('/actions/'));
        expect(lines).toEqual([expect.stringMatching(new RegExp(`^pause on .* trace ${request!.traceId}$`))]);
      } finally {
        Logger.overrideLogger(false);
        await sdk.stop();
      }
    });

    it('need guards of their own, where there are some', async () => {
      await start({ public: true, allowActions: [NobodyGuard] });
      expect(await statusOf('actions/reset', 'POST', FROM_PAGE)).toBe(403);
      expect(await statusOf('report', 'GET')).toBe(200);
    });

    it('need the token too', async () => {
      await start({ token: TOKEN, allowActions: true });
      expect(await statusOf('actions/reset', 'POST', FROM_PAGE)).toBe(401);
      expect(await statusOf('actions/reset', 'POST', { ...FROM_PAGE, ...BEARER })).toBe(204);
    });

    it('cannot be forged by another site', async () => {
      const { url } = await start({ public: true, allowActions: true });
      for (const headers of [
        {},
        { 'content-type': 'application/x-www-form-urlencoded' },
        { ...FROM_PAGE, 'sec-fetch-site': 'cross-site' },
        { ...FROM_PAGE, 'sec-fetch-site': 'same-site' },
        { ...FROM_PAGE, origin: 'https://evil.example' },
        { ...FROM_PAGE, origin: 'null' },
      ] as Record<string, string>[]) {
        expect([headers, await statusOf('actions/reset', 'POST', headers)]).toEqual([headers, 403]);
      }
      expect(await statusOf('actions/reset', 'GET', FROM_PAGE)).toBe(404);
      expect(await statusOf('actions/reset', 'POST', { ...FROM_PAGE, 'sec-fetch-site': 'same-origin' })).toBe(
        204,
      );
      expect(await statusOf('actions/reset', 'POST', { ...FROM_PAGE, origin: url })).toBe(204);
    });
  });

  it('passes guards of the whole application by the metadata that they look for', async () => {
    const Public = () => SetMetadata('isPublic', true);
    @Injectable()
    class SignedInGuard implements CanActivate {
      constructor(private readonly reflector: Reflector) {}

      canActivate(context: ExecutionContext): boolean {
        return (
          this.reflector.getAllAndOverride('isPublic', [context.getHandler(), context.getClass()]) === true
        );
      }
    }
    const providers = [{ provide: APP_GUARD, useClass: SignedInGuard }];
    await start({ token: TOKEN, decorators: [Public()] }, { providers });
    expect((await running!.get('/authors')).status).toBe(403);
    expect(await statusOf('report', 'GET', BEARER)).toBe(200);
  });

  it('answers its own way where an interceptor wraps every response', async () => {
    @Injectable()
    class EnvelopeInterceptor implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
        return next.handle().pipe(map((data: unknown) => ({ data })));
      }
    }
    const providers = [{ provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor }];
    const { get } = await start({ public: true }, { providers });
    expect(await (await get('/authors')).json()).toEqual({ data: 3 });
    expect(await (await get('/query-lens/report')).json()).toMatchObject({ schema: 'query-lens/report@1' });
    expect(await (await get('/query-lens')).text()).toMatch(/^<!doctype html>/);
  });
});
