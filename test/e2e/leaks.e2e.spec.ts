import { readFileSync } from 'node:fs';
import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { Cache } from 'cache-manager';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { describeOn } from '../databases.js';
import { ExportingLogs } from '../integration/telemetry/exporting-logs.js';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import type { ReceivedSpan } from '../integration/telemetry/otlp-receiver.js';
import { Author, Book } from './library.entities.js';
import { startApp, type RunningApp } from './start-app.js';

const WORD = 'hunter2';
const NUMBER = 47_114_711;
const PAGE = readFileSync('docs/telemetry.md', 'utf8');
const ignore = () => undefined;

@Controller('authors')
class Authors {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  /** A loop, the same twice, saves in a loop, failures: a finding of every kind that one unit shows. */
  @Get(':name/everything')
  async everything(@Param('name') name: string): Promise<void> {
    const { manager } = this.dataSource;
    for (let n = 0; n < 5; n++) await manager.save(Author, { name: `${name} ${String(n)}`, id: NUMBER + n });
    for (const { id } of await manager.find(Author))
      await manager.save(Book, { title: `${name} title`, authorId: id });
    for (const { id } of await manager.find(Author))
      await manager.findBy(Book, { authorId: id, title: name });
    for (let n = 0; n < 3; n++) await manager.findOneBy(Author, { name, id: NUMBER });
    for (const { id } of await manager.find(Author))
      await manager.countBy(Book, { authorId: id, title: name });
    await manager.insert(Author, { id: NUMBER, name }).catch(ignore);
    await manager.insert(Author, { id: NUMBER, name }).catch(ignore);
    await this.dataSource
      .query(`SELECT absent FROM author WHERE name = '${WORD}' OR id = ${NUMBER}`)
      .catch(ignore);
    await this.dataSource.query(`SELEC '${WORD}' FORM author WHERE id = ${NUMBER}`).catch(ignore);
    for (const key of [WORD, `author:${WORD}@example.org`, `author:${NUMBER}`])
      await this.cache.wrap(key, () => Promise.resolve(`${WORD} value`));
    await manager.find(Author, { where: { name }, cache: { id: `authors ${WORD}`, milliseconds: 60_000 } });
    await manager.find(Author, { where: { name }, cache: { id: `authors ${WORD}`, milliseconds: 60_000 } });
    await manager.find(Book, { where: { title: name }, cache: 60_000 });
    await manager.transaction(async (within) => {
      await within.update(Author, { name }, { id: NUMBER + 100 });
      throw new Error(`${WORD} changed its mind`);
    });
  }
}

/** What a span has that the page on telemetry does not know. */
function undocumented({ name, kind, attributes }: ReceivedSpan): string[] {
  const onPage = (text: string) => PAGE.includes(`\n| \`${text}\``);
  const folded = name.replace(/^cache\..*/, 'cache.<operation>').replace(/^finding .*/, 'finding <kind>');
  const givenBy = kind === 'CLIENT' ? ['db.query.summary'] : ['query_lens.relation', 'query_lens.unit.name'];
  const isKnown = onPage(folded) || givenBy.some((key) => attributes[key] === name);
  return [...(isKnown ? [] : [name]), ...Object.keys(attributes).filter((key) => !onPage(key))];
}

describe('everything that an application exports', () => {
  describeOn(['sqljs', 'better-sqlite3', 'postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    let logs: ExportingLogs;
    let provider: MeterProvider;
    let host: RunningApp;

    beforeAll(async () => {
      await sdk.start();
      logs = new ExportingLogs(sdk.receiver);
      const exporter = new OTLPMetricExporter({ url: `${sdk.receiver.url}/v1/metrics` });
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      provider = new MeterProvider({ readers: [reader] });
      metrics.setGlobalMeterProvider(provider);
      const options = { ...database.options({ entities: [Author, Book], synchronize: true }), cache: true };
      host = await startApp({
        lens: QueryLensModule.forRoot({ thresholds: { slowQueryMs: 0, minRepeats: 2 } }),
        database: TypeOrmModule.forRoot({ ...options, retryAttempts: 0 }),
        imports: [CacheModule.register({ isGlobal: true })],
        controllers: [Authors],
      });
    });
    afterAll(async () => {
      await host.app.close();
      await provider.shutdown();
      metrics.disable();
      await logs.stop();
      await sdk.stop();
    });

    it('holds no value: not in spans, metrics or log records, nor in their names', async () => {
      for (let run = 0; run < 2; run++) {
        await host.get(`/authors/${WORD}/everything?secret=${WORD}`);
        await host.get(`/${WORD}/${NUMBER}`);
      }
      const { findings } = await host.lens.report();
      const spans = await sdk.exported();
      const records = await logs.exported();
      await provider.forceFlush();
      const kinds = new Set(findings.map(({ kind }) => kind));
      for (const kind of [
        'n-plus-one',
        'duplicate-query',
        'save-in-loop',
        'failing-query',
        'count-per-row',
      ] as const)
        expect(kinds).toContain(kind);
      expect(spans.map(({ name }) => name)).toEqual(
        expect.arrayContaining(['cache.wrap', 'cache.get', 'transaction']),
      );
      expect(records.length).toBeGreaterThan(10);
      expect(sdk.receiver.metrics.length).toBeGreaterThan(5);
      expect(spans.filter(({ scope }) => scope === 'nestjs-query-lens').flatMap(undocumented)).toEqual([]);
      const everything = sdk.receiver.bytes.map((bytes) => bytes.toString('latin1')).join('\n');
      const around = new RegExp(`.{0,80}(${WORD}|471147|471148).{0,40}`, 'g');
      expect([...everything.matchAll(around)].map(([text]) => text)).toEqual([]);
    });
  });
});
