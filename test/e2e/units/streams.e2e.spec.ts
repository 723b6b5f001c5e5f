import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, type MessageEvent, Sse, StreamableFile } from '@nestjs/common';
import { Observe } from 'nestjs-query-lens';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatMap, from, interval, lastValueFrom, map, Observable, range, Subject } from 'rxjs';
import { type RunningApp, startApp } from '../start-app.js';
import { Asks, unitNames } from './asks.js';

@Injectable()
class Exports {
  readonly feed = new Subject<string>();

  constructor(private readonly asks: Asks) {}

  @Observe()
  async *rows(): AsyncGenerator<string, string> {
    for (const what of ['one', 'two', 'three']) yield await this.asks.ask(what);
    return 'end';
  }

  @Observe()
  everyRow(count: number): Observable<string> {
    return range(count).pipe(concatMap((row) => this.asks.ask(`row_${String(row % 3)}`)));
  }

  @Observe()
  subject(): Subject<string> {
    return this.feed;
  }
}

@Controller()
class StreamsController {
  constructor(
    private readonly asks: Asks,
    private readonly exported: Exports,
  ) {}

  @Sse('events/:topic')
  events(): Observable<MessageEvent> {
    return interval(5).pipe(
      concatMap(() => this.asks.ask('event')),
      map((data) => ({ data })),
    );
  }

  @Get('observable')
  observable(): Observable<string> {
    return from(['a', 'b']).pipe(concatMap((what) => this.asks.ask(what)));
  }

  @Get('file')
  file(): StreamableFile {
    return new StreamableFile(Readable.from(this.exported.rows()));
  }
}

/** What `read` answers once it has answered the same for a fifth of a second. */
async function settled(read: () => Promise<number>): Promise<number> {
  let last = await read();
  for (let same = 0; same < 10;) {
    await sleep(20);
    const next = await read();
    same = next === last ? same + 1 : 0;
    last = next;
  }
  return last;
}

describe.each(['express', 'fastify'] as const)('streams on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({ platform, providers: [Asks, Exports], controllers: [StreamsController] });
  });

  beforeEach(() => running.lens.reset());

  afterAll(() => running.app.close());

  it('keep an observable with its request', async () => {
    expect(await (await running.get('/observable')).text()).toBe('b');
    expect(await unitNames(running, 1)).toEqual(['GET /observable x2']);
  });

  it('keep a file made by an async generator with its request', async () => {
    expect(await (await running.get('/file')).text()).toBe('onetwothree');
    expect(await unitNames(running, 1)).toEqual(['GET /file x3']);
  });

  it('keep server-sent events with their request until the connection closes, in pieces', async () => {
    const abort = new AbortController();
    const response = await fetch(`${running.url}/events/news`, { signal: abort.signal });
    const reader = response.body?.getReader();
    await reader?.read();
    expect(await unitNames(running, 1)).toEqual([expect.stringMatching(/^GET \/events\/:topic x/)]);
    expect((await running.units())[0]).toMatchObject({ kind: 'http', name: 'GET /events/:topic' });
    await unitNames(running, 2);
    abort.abort();
    const asked = await settled(async () =>
      (await running.units()).reduce((total, { queries }) => total + queries, 0),
    );
    const units = await running.units();
    expect(units.length).toBeGreaterThan(1);
    expect(new Set(units.map(({ name }) => name))).toEqual(new Set(['GET /events/:topic']));
    expect(
      units.every(({ isAborted, isAfterResponse }) => isAborted !== true && isAfterResponse !== true),
    ).toBe(true);
    await sleep(60);
    expect((await running.units()).reduce((total, { queries }) => total + queries, 0)).toBe(asked);
  });
});

describe('an observed stream', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({ providers: [Asks, Exports] });
  });

  beforeEach(() => running.lens.reset());

  afterAll(() => running.app.close());

  it('may be an async generator, which stays the same object', async () => {
    const rows = running.app.get(Exports).rows();
    const received: string[] = [];
    for await (const row of rows) {
      received.push(row);
      await sleep(1);
    }
    expect(received).toEqual(['one', 'two', 'three']);
    expect(Object.prototype.toString.call(rows)).toBe('[object AsyncGenerator]');
    expect(await unitNames(running, 1)).toEqual(['Exports.rows x3']);
  });

  it('ends when its reader stops early', async () => {
    for await (const row of running.app.get(Exports).rows()) if (row === 'two') break;
    expect(await unitNames(running, 1)).toEqual(['Exports.rows x2']);
  });

  it('is handed over in pieces of 500 statements', async () => {
    await lastValueFrom(running.app.get(Exports).everyRow(1_200));
    expect(await unitNames(running, 3)).toEqual([
      'Exports.everyRow x500',
      'Exports.everyRow x500',
      'Exports.everyRow x200',
    ]);
    expect((await running.units()).some(({ isAfterResponse }) => isAfterResponse)).toBe(false);
  });

  it('is not touched when it is a subject', () => {
    const exported = running.app.get(Exports);
    expect(exported.subject()).toBe(exported.feed);
  });
});
