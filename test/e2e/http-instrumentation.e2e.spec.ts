import { request as send } from 'node:http';
import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource } from '@nestjs/typeorm';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { DataSource } from 'typeorm';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import type { ReceivedSpan } from '../integration/telemetry/otlp-receiver.js';
import { patchByHand } from '../integration/telemetry/patch-by-hand.js';
import { childrenOf } from '../integration/telemetry/span-tree.js';
import { Author } from './library.entities.js';
import { startApp, type Platform, type RunningApp } from './start-app.js';

const PLATFORMS: readonly Platform[] = ['express', 'fastify'];

@Controller('authors')
class Authors {
  static answer: (() => void) | undefined;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(':name/one')
  async one(@Param('name') name: string): Promise<string> {
    await this.dataSource.getRepository(Author).findOneBy({ name });
    return name;
  }

  @Get('missing')
  missing(): never {
    throw new NotFoundException();
  }

  @Get('slow')
  async slow(): Promise<void> {
    await this.dataSource.getRepository(Author).count();
    await new Promise<void>((resolve) => (Authors.answer = resolve));
  }
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await done()); tries++) {
    if (tries > 1_000) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.each(PLATFORMS)('beside the instrumentation of HTTP, on %s', (platform) => {
  const sdk = new ExportingSdk();
  let host: RunningApp;
  let unpatch = (): void => undefined;

  beforeAll(async () => {
    await sdk.start();
    const instrumentation = new HttpInstrumentation({
      enabled: false,
      disableOutgoingRequestInstrumentation: true,
      // Of Fastify's port as well, though not of the receiver's.
      ignoreIncomingRequestHook: ({ url = '' }) => url.startsWith('/v1/'),
    });
    unpatch = patchByHand(instrumentation);
    host = await startApp({ platform, controllers: [Authors] });
  });
  afterEach(async () => {
    await sdk.exported();
    sdk.receiver.clear();
  });
  afterAll(async () => {
    await host.app.close();
    unpatch();
    await sdk.stop();
  });

  const served = async (): Promise<readonly ReceivedSpan[]> => {
    const spans = await sdk.exported();
    return spans.filter(({ kind }) => kind === 'SERVER');
  };

  it('the span of the request gets its route, its unit, and the summary', async () => {
    await host.get('/authors/ann/one?secret=hunter2');
    const [request, ...others] = await served();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      name: 'GET /authors/:name/one',
      scope: '@opentelemetry/instrumentation-http',
      attributes: {
        'http.route': '/authors/:name/one',
        'query_lens.unit.kind': 'http',
        'query_lens.unit.name': 'GET /authors/:name/one',
        'query_lens.queries': 1,
      },
    });
    const [statement] = childrenOf(sdk.receiver.spans, request!.spanId);
    expect(statement!.attributes).toMatchObject({
      'query_lens.unit.kind': 'http',
      'query_lens.unit.name': 'GET /authors/:name/one',
    });
  });

  it('and none where no route answered', async () => {
    await host.get('/hunter2/nowhere');
    const [request] = await served();
    expect(request).toMatchObject({
      name: 'GET',
      attributes: { 'query_lens.unit.name': 'GET (no route)' },
    });
    expect(request!.attributes).not.toHaveProperty(['http.route']);
  });

  it('also where a route answers that there is nothing', async () => {
    await host.get('/authors/missing');
    expect(await served()).toMatchObject([{ name: 'GET /authors/missing' }]);
  });

  it('a request that its client gave up has its summary, too', async () => {
    Authors.answer = undefined;
    const request = send(`${host.url}/authors/slow`);
    request.once('error', () => undefined).end();
    await until(() => Authors.answer !== undefined);
    request.destroy();
    let spans: readonly ReceivedSpan[] = [];
    await until(async () => (spans = await served()).length > 0);
    Authors.answer!();
    expect(spans).toMatchObject([
      { name: 'GET /authors/slow', attributes: { 'query_lens.queries': 1, 'query_lens.unit.kind': 'http' } },
    ]);
  });
});
