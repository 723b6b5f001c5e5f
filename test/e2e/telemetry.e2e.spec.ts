import { Controller, Get, Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource } from '@nestjs/typeorm';
import { Observe, QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
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

@Controller('authors')
class Authors {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(':id/loop')
  async loop(): Promise<number> {
    const authors = await this.dataSource.getRepository(Author).find();
    for (const { id } of authors) await this.dataSource.getRepository(Book).findBy({ authorId: id });
    return authors.length;
  }
}

describe('the traces of an application', () => {
  const sdk = new ExportingSdk();
  let host: RunningApp;

  beforeAll(() => sdk.start());
  afterEach(() => host.app.close());
  afterAll(() => sdk.stop());

  async function start(telemetry = {}): Promise<void> {
    host = await startApp({
      lens: QueryLensModule.forRoot({ telemetry, thresholds: { minRepeats: 2 } }),
      providers: [Reports],
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
