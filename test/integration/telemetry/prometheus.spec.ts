import { readFileSync } from 'node:fs';
import { CACHE_MANAGER, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Inject } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource } from '@nestjs/typeorm';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { Cache } from 'cache-manager';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { poolReadings } from '../../../lib/capture/typeorm/pool-readings.js';
import { describeOn, describeWith } from '../../databases.js';
import { Author as Reader, Book } from '../../e2e/library.entities.js';
import { startApp, type RunningApp } from '../../e2e/start-app.js';
import { freePort } from '../../servers/free-port.mjs';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { PrometheusServer } from './prometheus-server.js';
import { telemetryWith } from './telemetry-with.js';

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const dashboard = JSON.parse(readFileSync('docs/grafana/query-lens.json', 'utf8')) as Dashboard;
const alerts = JSON.parse(readFileSync('docs/grafana/alerts.json', 'utf8')) as {
  groups: { rules: { alert: string; expr: string }[] }[];
};

/** As Grafana fills in its variables. */
const filledIn = (expression: string) =>
  expression.replaceAll('$__rate_interval', '1m').replaceAll('$job', '.*');

/** Rules that fire, or would after a while, on what the application below does. */
const FIRING = ['QueryLensFailingStatements', 'QueryLensCacheUseless'];

@Controller('library')
class Library {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(CACHE_MANAGER) private readonly cache: Cache,
  ) {}

  /** A loop, and a cache that never has what it is asked for. */
  @Get()
  async loop(): Promise<void> {
    await this.cache.get('author:1');
    for (const { id } of await this.dataSource.getRepository(Reader).find())
      await this.dataSource.getRepository(Book).findBy({ authorId: id });
  }
}

describe('a real Prometheus', () => {
  describeWith('prometheus', (program) => {
    describeOn(['postgres'], (database) => {
      const server = new PrometheusServer(program);
      let provider: MeterProvider;
      let dataSource: DataSource;
      let sink: RecordingSink;
      let undo: () => void;
      let host: RunningApp;

      beforeAll(async () => {
        const port = await freePort();
        const exporter = new PrometheusExporter({ host: '127.0.0.1', port, preventServerStart: true });
        await exporter.startServer();
        provider = new MeterProvider({ readers: [exporter] });
        metrics.setGlobalMeterProvider(provider);
        dataSource = await database.open({ entities: blogEntities, poolSize: 3 });
        await fillBlog(dataSource);
        sink = new RecordingSink(telemetryWith({}, { pools: () => poolReadings(dataSource) }));
        undo = instrumentDataSource(dataSource, sink);
        host = await startApp({
          lens: QueryLensModule.forRoot({ thresholds: { minRepeats: 2 } }),
          imports: [CacheModule.register({ isGlobal: true })],
          controllers: [Library],
        });
        await work();
        await server.start(`127.0.0.1:${port}`);
      });
      afterAll(async () => {
        await server.stop();
        undo();
        await host.app.close();
        await provider.shutdown();
        metrics.disable();
      });

      const work = async () => {
        await host.get('/library');
        // Units are measured when they have been analysed.
        await host.lens.units();
        await sink.unit(async () => {
          for (let run = 0; run < 20; run++) await dataSource.getRepository(Author).find();
          await dataSource.query('SELECT nothing FROM nowhere').catch(() => undefined);
          await Promise.all(Array.from({ length: 6 }, () => dataSource.query('SELECT pg_sleep(0.02)')));
        });
      };

      it('scrapes, and answers a histogram_quantile for each summary', async () => {
        await server.answered('db_client_operation_duration_count > 19');
        await work();
        const answers = await server.answered(
          'histogram_quantile(0.95, sum by (le, db_query_summary) (rate(db_client_operation_duration_bucket[1m])))',
        );
        const find = answers.find(({ metric }) => metric['db_query_summary'] === 'SELECT "author"');
        expect(find?.value).toBeGreaterThan(0);
        expect(find?.value).toBeLessThan(10);
      });

      it.each(
        dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
      )('answers the dashboard: %s', async (_, expr) => {
        await work();
        expect(await server.answered(filledIn(expr))).not.toEqual([]);
      });

      it('knows a cache that answers nothing at all', async () => {
        const { expr } = dashboard.panels.find(({ title }) => title.startsWith('Caches'))!.targets[0]!;
        expect(await server.answered(filledIn(expr))).toEqual([
          { metric: { query_lens_cache_name: 'default' }, value: 0 },
        ]);
      });

      it.each(FIRING)('finds what it should wake somebody for: %s', async (name) => {
        const { expr } = alerts.groups.flatMap(({ rules }) => rules).find(({ alert }) => alert === name)!;
        expect(await server.answered(expr)).not.toEqual([]);
      });

      it('evaluates every alert', async () => {
        const names = alerts.groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
        await server.until(async () => (await server.rules()).every(({ health }) => health !== 'unknown'));
        expect(await server.rules()).toEqual(
          names.map((name) => expect.objectContaining({ name, health: 'ok' })),
        );
      });
    });
  });
});
