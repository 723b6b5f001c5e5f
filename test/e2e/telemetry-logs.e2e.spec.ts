import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Cache } from 'cache-manager';
import { QueryLensModule, type QueryLensOptions } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { ExportingLogs } from '../integration/telemetry/exporting-logs.js';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import { childrenOf, spanNamed } from '../integration/telemetry/span-tree.js';
import { Author, Book } from './library.entities.js';
import { SQLJS, startApp, type RunningApp } from './start-app.js';

@Controller('authors')
class Authors {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  @Get('loop')
  async loop(): Promise<number> {
    const authors = await this.dataSource.getRepository(Author).find();
    for (const { id } of authors) await this.dataSource.getRepository(Book).findBy({ authorId: id });
    return authors.length;
  }

  @Get('fails')
  async fails(): Promise<string> {
    return this.dataSource
      .query("SELECT absent FROM author WHERE name = 'hunter2 literal'")
      .then(String, () => 'no');
  }

  @Get('cached/:key')
  cached(@Param('key') key: string): Promise<string> {
    return this.cache.wrap(`person:${key}`, () => Promise.resolve('hunter2 value'));
  }
}

@Controller('reports')
class Reports {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** One name for two results. */
  @Get()
  async list(): Promise<number> {
    const cache = { id: 'hunter:authors', milliseconds: 60_000 };
    const authors = this.dataSource.getRepository(Author);
    const all = await authors.find({ cache });
    const one = await authors.find({ where: { id: 1 }, cache });
    return all.length + one.length;
  }
}

describe('log records', () => {
  const sdk = new ExportingSdk();
  let logs: ExportingLogs;
  let host: RunningApp;

  beforeAll(async () => {
    await sdk.start();
    logs = new ExportingLogs(sdk.receiver);
  });
  afterEach(() => host.app.close());
  afterAll(async () => {
    await logs.stop();
    await sdk.stop();
  });

  async function start(options: QueryLensOptions = {}): Promise<void> {
    host = await startApp({
      lens: QueryLensModule.forRoot(options),
      imports: [CacheModule.register({ isGlobal: true })],
      controllers: [Authors],
    });
    await sdk.exported();
    await logs.exported();
    sdk.receiver.clear();
  }

  async function logged(path: string) {
    await host.get(path);
    await host.lens.report();
    return logs.exported();
  }

  it('tell of each finding, in the trace of its request', async () => {
    await start({ thresholds: { minRepeats: 2, slowQueryMs: 60_000 } });
    const [record, ...others] = await logged('/authors/loop');
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      scope: 'nestjs-query-lens',
      severity: 'WARN',
      severityNumber: 13,
      body: expect.stringContaining('Author.books'),
      attributes: {
        'query_lens.finding.kind': 'n-plus-one',
        'query_lens.relation': 'Author.books',
        'query_lens.unit.name': 'GET /authors/loop',
      },
    });
    const spans = await sdk.exported();
    const request = spanNamed(spans, 'GET /authors/loop');
    expect(record).toMatchObject({ traceId: request.traceId, spanId: request.spanId });
    const finding = spanNamed(spans, 'finding n-plus-one');
    const statements = childrenOf(spans, request.spanId).filter(({ name }) => name === 'SELECT "book"');
    expect(finding.links.map(({ spanId }) => spanId)).toEqual(statements.map(({ spanId }) => spanId));
  });

  it('tell of a failing statement what the convention wants, with its span, and no value', async () => {
    await start({ thresholds: { slowQueryMs: 60_000 } });
    const records = await logged('/authors/fails');
    const failing = records.find(({ attributes }) => 'exception.type' in attributes);
    expect(failing).toMatchObject({
      severity: 'WARN',
      body: 'failing-query SELECT author GET /authors/fails',
      attributes: {
        'db.system.name': 'sqlite',
        'db.query.summary': 'SELECT author',
        'db.query.text': 'SELECT absent FROM author WHERE name = ?',
        'exception.message': expect.stringContaining('no such column'),
        'query_lens.data_source': 'default',
      },
    });
    const spans = await sdk.exported();
    const statement = spanNamed(spans, 'SELECT author');
    expect(failing?.spanId).toBe(statement.spanId);
    expect(Number(failing!.time - statement.end) / 1e6).toBeCloseTo(0, -1);
  });

  it('tell of each slow statement', async () => {
    await start({ thresholds: { slowQueryMs: 0, minRepeats: 100 } });
    const records = await logged('/authors/loop');
    const slow = records.filter(({ body }) => body.startsWith('slow-query'));
    expect(slow).toHaveLength(4);
    const spans = (await sdk.exported()).filter(({ kind }) => kind === 'CLIENT');
    expect(slow.map(({ spanId }) => spanId)).toEqual(spans.map(({ spanId }) => spanId));
  });

  it('are none where they are not wanted', async () => {
    await start({ telemetry: { logs: false }, thresholds: { minRepeats: 2, slowQueryMs: 0 } });
    expect(await logged('/authors/loop')).toEqual([]);
  });

  it('that nobody can take cost the application nothing, and are said once', async () => {
    await start({ thresholds: { minRepeats: 2 } });
    logs.failing = true;
    const answers = [await host.get('/authors/loop'), await host.get('/authors/loop')];
    const { self, findings } = await host.lens.report();
    logs.failing = false;
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['3', '3']);
    expect(findings.map(({ kind }) => kind)).toContain('n-plus-one');
    expect(self.failures).toMatchObject([{ where: 'publishing', count: 2, message: 'no more log records' }]);
  });

  it('and everything else that goes out hold no key and no value of a cache', async () => {
    const exporter = new OTLPMetricExporter({ url: `${sdk.receiver.url}/v1/metrics` });
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    metrics.setGlobalMeterProvider(provider);
    await start({ thresholds: { slowQueryMs: 0 } });
    for (const key of ['hunter2@example.org', 'hunter2@example.org', 'Hunter', 'hunter-ada'])
      await logged(`/authors/cached/${key}`);
    await logged('/authors/fails');
    const spans = await sdk.exported();
    const accesses = spans.filter(({ name }) => name === 'cache.wrap');
    expect(accesses.map(({ attributes }) => attributes['query_lens.cache.key_patterns'])).toEqual([
      ['person:*'],
      ['person:*'],
      ['person:*'],
      ['person:*'],
    ]);
    await provider.forceFlush();
    expect(sdk.receiver.metrics.map(({ name }) => name)).toContain('query_lens.cache.hits');
    await provider.shutdown();
    metrics.disable();
    expect(sdk.receiver.bytes.length).toBeGreaterThan(2);
    for (const bytes of sdk.receiver.bytes) expect(bytes.toString('latin1')).not.toMatch(/hunter/i);
  });

  it('and findings and log lines name no cache id', async () => {
    const lines: string[] = [];
    const write = (line: unknown) => void lines.push(String(line));
    host = await startApp({
      controllers: [Reports],
      database: TypeOrmModule.forRoot({ ...SQLJS, cache: true }),
      configure: (app) => {
        app.useLogger({ log: write, warn: write, error: write });
      },
    });
    const records = await logged('/reports');
    const found = records.filter(
      ({ attributes }) => attributes['query_lens.finding.kind'] === 'cache-id-collision',
    );
    expect(found.map(({ body }) => body)).toEqual([
      'The cache id "*:authors" served the rows of another statement',
    ]);
    expect(lines.filter((line) => line.startsWith('cache-id-collision'))).toHaveLength(1);
    expect(lines.join()).not.toContain('hunter');
    const spans = await sdk.exported();
    expect(spans.filter(({ name }) => name === 'finding cache-id-collision')).toHaveLength(1);
    for (const bytes of sdk.receiver.bytes) expect(bytes.toString('latin1')).not.toContain('hunter:');
  });
});
