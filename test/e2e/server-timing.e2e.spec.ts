import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Header, Res } from '@nestjs/common';
import { QueryLensModule } from 'nestjs-query-lens';
import type { ServerResponse } from 'node:http';
import { DataSource } from 'typeorm';
import { Author } from './library.entities.js';
import { type Platform, type RunningApp, startApp } from './start-app.js';

/** Express answers with Node's own response, Fastify wraps it. */
type AnyReply = ServerResponse & { readonly raw?: ServerResponse; hijack?(): void };

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<number> {
    const authors = await this.dataSource.manager.find(Author);
    for (const author of authors) await author.books;
    return authors.length;
  }

  @Get('timed')
  @Header('Server-Timing', 'app;dur=1')
  timed(): string {
    return 'none asked';
  }

  @Get('by-hand')
  async byHand(@Res() reply: AnyReply): Promise<void> {
    await this.dataSource.query('SELECT 1');
    reply.hijack?.();
    const response = reply.raw ?? reply;
    response.writeHead(201, 'Made', { 'SERVER-TIMING': 'app;dur=2', 'x-other': 'kept' });
    response.write('piece by ');
    response.end('piece');
  }

  @Get('failing')
  async failing(): Promise<never> {
    await this.dataSource.query('SELECT 1');
    throw new Error('on purpose');
  }
}

describe.each<Platform>(['express', 'fastify'])('Server-Timing on %s', (platform) => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(serverTiming: boolean, prefix = '', admin = {}): Promise<RunningApp> {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRoot({ serverTiming, admin }),
      controllers: [AuthorsController],
      configure: (app) => {
        if (prefix !== '') app.setGlobalPrefix(prefix);
      },
    });
    return running;
  }

  const headersOf = async (path: string) => Object.fromEntries((await running!.get(path)).headers);

  it('is not there unless it is asked for', async () => {
    await start(false);
    const headers = await headersOf('/authors');
    expect(headers).not.toHaveProperty('server-timing');
    expect(headers).not.toHaveProperty('x-querylens-unit');
  });

  it('says what the database took, and leads to the waterfall', async () => {
    const { get, url } = await start(true, '/api', { public: true });
    const headers = await headersOf('/api/authors');
    expect(headers['server-timing']).toMatch(
      /^db;dur=\d+(\.\d)?;desc="4 queries"(, wait;dur=\d+(\.\d)?;desc="for a connection")?$/,
    );
    const link = new URL(headers['x-querylens-unit'] ?? '', url);
    expect(link.pathname).toBe('/api/query-lens');
    const [, id = ''] = /^#\/units\/([\w-]+)$/.exec(link.hash) ?? [];
    const unit = await get(`${link.pathname}/units/${id}`);
    expect(await unit.json()).toMatchObject({ name: 'GET /api/authors', queries: 4 });
    expect(Object.fromEntries(unit.headers)).not.toHaveProperty('server-timing');
  });

  it('leads nowhere while the page is closed', async () => {
    await start(true);
    const headers = await headersOf('/authors');
    expect(headers['server-timing']).toContain('4 queries');
    expect(headers).not.toHaveProperty('x-querylens-unit');
  });

  it('stands behind what the application says itself, and changes nothing else', async () => {
    const { get } = await start(true);
    expect((await headersOf('/authors/timed'))['server-timing']).toBe('app;dur=1, db;dur=0;desc="0 queries"');
    const response = await get('/authors/by-hand');
    expect([response.status, await response.text()]).toEqual([201, 'piece by piece']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'server-timing': expect.stringMatching(/^app;dur=2, db;dur=\d+(\.\d)?;desc="1 query"/),
      'x-other': 'kept',
    });
  });

  it('is said of responses that failed, and of those without a route', async () => {
    await start(true);
    expect((await headersOf('/authors/failing'))['server-timing']).toContain('1 query');
    expect((await headersOf('/nowhere'))['server-timing']).toContain('0 queries');
  });
});
