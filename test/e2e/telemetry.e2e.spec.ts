import { Controller, Get, Injectable, Param } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource } from '@nestjs/typeorm';
import { ignoreFindings, Observe, QueryLensModule, type IgnoreRule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import type { ReceivedSpan } from '../integration/telemetry/otlp-receiver.js';
import { childrenOf, spanNamed, tree } from '../integration/telemetry/span-tree.js';
import { Author, Book } from './library.entities.js';
import { startApp, type RunningApp } from './start-app.js';

@Injectable()
class Reports {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Observe('nightly report')
  async nightly(): Promise<number> {
    return this.dataSource.getRepository(Author).count();
  }
}

@Injectable()
class Failing {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Observe('import')
  async import(): Promise<void> {
    await this.dataSource.getRepository(Author).count();
    throw new RangeError('hunter2 is no author');
  }

  @Observe('merge')
  merge(): Promise<void> {
    return this.dataSource.query('SELECT absent FROM nowhere');
  }
}

@Controller('authors')
class Authors {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(':id/loop')
  async loop(): Promise<number> {
    const authors = await this.dataSource.getRepository(Author).find();
    for (const { id } of authors) await this.dataSource.getRepository(Book).findBy({ authorId: id });
    return authors.length;
  }

  @Get('broken')
  broken(): never {
    throw new Error('hunter2 broke it');
  }

  @Get(':id/once')
  async once(@Param('id') id: string): Promise<number> {
    return (await this.dataSource.getRepository(Book).findBy({ authorId: Number(id) })).length;
  }
}

/** What a sampler or a processor sees of kinds when a span starts. */
const started = new Set<unknown>();
const atStart: SpanProcessor = {
  onStart: ({ attributes }) => {
    const kinds = attributes['query_lens.finding.kinds'];
    if (Array.isArray(kinds)) for (const kind of kinds) started.add(kind);
  },
  onEnd: () => undefined,
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

describe('the traces of an application', () => {
  const sdk = new ExportingSdk();
  let host: RunningApp;

  beforeAll(() => sdk.start([atStart]));
  afterEach(() => host.app.close());
  afterAll(() => sdk.stop());

  async function start(telemetry = {}, ignore: readonly IgnoreRule[] = []): Promise<void> {
    host = await startApp({
      lens: QueryLensModule.forRoot({ telemetry, ignore, thresholds: { minRepeats: 2 } }),
      providers: [Reports, Failing],
      controllers: [Authors],
    });
    await sdk.exported();
    sdk.receiver.clear();
  }

  it('have a root for work that nobody else has a span for, named and summed up', async () => {
    await start();
    await host.app.get(Reports).nightly();
    const spans = await sdk.exported();
    expect(tree(spans)).toEqual(['INTERNAL nightly report', '  CLIENT SELECT "author"']);
    expect(spanNamed(spans, 'nightly report').attributes).toMatchObject({
      'query_lens.unit.kind': 'observed',
      'query_lens.queries': 1,
      'query_lens.rows': 1,
      'query_lens.db_time_ms': expect.any(Number),
    });
    const [unit] = await host.units();
    expect(unit?.traceId).toBe(spans[0]?.traceId);
  });

  it('show which work failed, by the class of the error and without its message', async () => {
    await start();
    const failing = host.app.get(Failing);
    await expect(failing.import()).rejects.toThrow('hunter2');
    await expect(failing.merge()).rejects.toThrow('nowhere');
    const answer = await host.get('/authors/broken');
    expect(answer.status).toBe(500);
    const spans = await sdk.exported();
    const failed = (name: string, type: string) => {
      const { status, attributes } = spanNamed(spans, name);
      expect({ status, type: attributes['error.type'] }).toEqual({ status: { code: 2, message: '' }, type });
    };
    failed('import', 'RangeError');
    failed('merge', 'Error');
    failed('GET /authors/broken', '500');
    expect(spanNamed(spans, 'GET /authors/broken').attributes['http.response.status_code']).toBe(500);
  });

  it('name the route of a request, and show the finding in it', async () => {
    await start();
    await host.get('/authors/1/loop');
    await host.lens.report();
    const spans = await sdk.exported();
    const request = spanNamed(spans, 'GET /authors/:id/loop');
    const below = childrenOf(spans, request.spanId);
    expect(below.filter(({ kind }) => kind === 'CLIENT')).toHaveLength(4);
    const finding = spanNamed(below, 'finding n-plus-one');
    expect(finding.attributes).toMatchObject({
      'query_lens.finding.kind': 'n-plus-one',
      'query_lens.relation': 'Author.books',
      'query_lens.finding.place': expect.stringContaining('telemetry.e2e.spec.ts'),
      'query_lens.finding.advice': expect.stringContaining('In(ids)'),
      'query_lens.unit.name': 'GET /authors/:id/loop',
      'db.query.summary': 'SELECT "book"',
    });
  });

  describe('know what earlier requests showed:', () => {
    const kindsOf = ({ attributes }: ReceivedSpan) => attributes['query_lens.finding.kinds'];

    /** Kinds on the statements of one request, and the findings that its span tells of. */
    async function loop(path = '/authors/1/loop'): Promise<{ kinds: unknown[]; findings: unknown }> {
      sdk.receiver.clear();
      await host.get(path);
      await host.lens.report();
      const spans = await sdk.exported();
      const request = spanNamed(spans, 'GET /authors/:id/loop');
      const statements = spans.filter(({ kind }) => kind === 'CLIENT');
      return { kinds: statements.map(kindsOf), findings: request.attributes['query_lens.findings'] };
    }

    it('the second says at its start which statements are part of a finding', async () => {
      await start();
      expect(await loop()).toEqual({ kinds: [undefined, undefined, undefined, undefined], findings: 0 });
      const found = ['n-plus-one'];
      expect(await loop('/authors/2/loop')).toEqual({ kinds: [undefined, found, found, found], findings: 1 });
    });

    it('those of another route do not count, and neither do they after a reset', async () => {
      await start();
      await loop();
      await host.get('/authors/1/once');
      const once = (await sdk.exported()).filter((span) => span.name === 'SELECT "book"');
      expect(kindsOf(once.at(-1)!)).toBeUndefined();
      await host.lens.reset();
      expect((await loop()).findings).toBe(0);
    });

    it('what an ignore rule accepts is never shown', async () => {
      const reason = 'three authors, ever';
      await start({}, [ignoreFindings({ kind: 'n-plus-one', reason })]);
      await loop();
      expect((await loop()).kinds).toEqual([undefined, undefined, undefined, undefined]);
    });

    it('the span of the server gets the number, samplers the kinds', async () => {
      await start();
      const run = () =>
        sdk.during(() => host.lens.observe('loop', () => host.app.get(Authors).loop()), 'GET /somewhere');
      await run();
      await host.lens.report();
      started.clear();
      const spans = await run();
      expect(spanNamed(spans, 'GET /somewhere').attributes).toMatchObject({ 'query_lens.findings': 1 });
      expect([...started]).toEqual(['n-plus-one']);
    });
  });

  it('keep to the span that is active, and sum up there', async () => {
    await start();
    const spans = await sdk.during(() => host.app.get(Reports).nightly());
    expect(tree(spans)).toEqual(['INTERNAL request', '  CLIENT SELECT "author"']);
    expect(spanNamed(spans, 'request').attributes).toMatchObject({ 'query_lens.queries': 1 });
  });

  it('have no root of ours where that is not wanted', async () => {
    await start({ rootSpans: false });
    await host.app.get(Reports).nightly();
    expect(tree(await sdk.exported())).toEqual(['CLIENT SELECT "author"']);
  });

  it('have nothing of ours where spans are switched off', async () => {
    await start({ spans: false });
    await host.app.get(Reports).nightly();
    expect(await sdk.exported()).toEqual([]);
  });
});
