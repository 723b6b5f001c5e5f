import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author } from './library.entities.js';
import { type Platform, type RunningApp, startApp } from './start-app.js';

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async list(): Promise<number> {
    return (await this.dataSource.manager.find(Author)).length;
  }
}

interface Followed {
  /** The next event of this name. */
  next(name: string): Promise<unknown>;
  /** Resolves when the server ends the stream. */
  readonly ended: Promise<void>;
  leave(): void;
}

async function follow(url: string): Promise<Followed> {
  const controller = new AbortController();
  const response = await fetch(`${url}/query-lens/events`, { signal: controller.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^text\/event-stream/),
  ]);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let finish: () => void;
  const ended = new Promise<void>((resolve) => (finish = resolve));
  const read = async (): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) {
      finish();
      throw new Error('the stream has ended');
    }
    text += value;
  };
  return {
    ended,
    leave: () => {
      controller.abort();
    },
    next: async (name) => {
      for (;;) {
        const [, data] = new RegExp(`event: ${name}\\n(?:id: .*\\n)?data: (.*)\\n`).exec(text) ?? [];
        if (data === undefined) await read();
        else {
          text = '';
          return JSON.parse(data);
        }
      }
    },
  };
}

describe.each<Platform>(['express', 'fastify'])('live events on %s', (platform) => {
  let running: RunningApp | undefined;

  afterEach(async () => {
    await running?.app.close();
    running = undefined;
  });

  async function start(): Promise<RunningApp> {
    running = await startApp({
      platform,
      lens: QueryLensModule.forRoot({ admin: { public: true } }),
      controllers: [AuthorsController],
    });
    return running;
  }

  it('tell an open page what has been seen since', async () => {
    const { url, get } = await start();
    const page = await follow(url);
    await page.next('hello');
    await get('/authors');
    expect(await page.next('summary')).toMatchObject({ totals: { units: 1, queries: 1 }, actions: [] });
    page.leave();
    const { routes } = await running!.lens.report();
    expect(routes.map(({ route }) => route)).toEqual(['GET /authors']);
  });

  it('end when the application closes, and do not keep it', async () => {
    const { url, app } = await start();
    const page = await follow(url);
    await page.next('hello');
    const reading = page.next('never').catch(() => undefined);
    await app.close();
    running = undefined;
    await Promise.all([page.ended, reading]);
  });

  it('have room for so many pages', async () => {
    const { url, get } = await start();
    const pages = await Promise.all(Array.from({ length: 20 }, () => follow(url)));
    await Promise.all(pages.map((page) => page.next('hello')));
    expect((await get('/query-lens/events')).status).toBe(503);
    for (const page of pages) page.leave();
    // The server hears of it a moment later.
    let status = 503;
    while (status === 503) {
      await new Promise((wake) => setTimeout(wake, 20));
      const controller = new AbortController();
      const response = await fetch(`${url}/query-lens/events`, { signal: controller.signal });
      ({ status } = response);
      if (status === 503) await response.text();
      controller.abort();
    }
    expect(status).toBe(200);
  });
});
