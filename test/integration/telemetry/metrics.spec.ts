import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { attributesOf, OtlpReceiver } from './otlp-receiver.js';
import { telemetryWith } from './telemetry-with.js';

describe('metrics', () => {
  describeOn(['sqljs', 'postgres', 'mysql'], (database) => {
    const receiver = new OtlpReceiver();
    const sink = new RecordingSink(telemetryWith());
    let dataSource: DataSource;
    let provider: MeterProvider;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink, { name: 'blog' });
      const exporter = new OTLPMetricExporter({ url: `${await receiver.listen()}/v1/metrics` });
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      provider = new MeterProvider({ readers: [reader] });
      metrics.setGlobalMeterProvider(provider);
    });
    afterAll(async () => {
      undo();
      await provider.shutdown();
      metrics.disable();
      await receiver.close();
      expect(sink.failures).toEqual([]);
    });

    async function measured(name: string, work: () => Promise<unknown>): Promise<any> {
      await sink.unit(work);
      receiver.clear();
      await provider.forceFlush();
      return receiver.metrics.find((metric) => metric.name === name);
    }

    it('count each statement once, in the buckets of the convention', async () => {
      const duration = await measured('db.client.operation.duration', async () => {
        for (let run = 0; run < 3; run++) await dataSource.getRepository(Author).findOneBy({ id: 1 });
      });
      expect(duration).toMatchObject({ unit: 's', scope: 'nestjs-query-lens' });
      const [point, ...others] = duration.histogram.dataPoints;
      expect(others).toEqual([]);
      expect(Number(point.count)).toBe(3);
      expect(point.explicitBounds).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
      const attributes = attributesOf(point.attributes);
      expect(attributes['db.query.summary']).toMatch(/^SELECT .author.$/);
      expect(Object.keys(attributes)).not.toContain('db.query.text');
    });

    it('tell failures apart, as the spans do', async () => {
      const duration = await measured('db.client.operation.duration', () =>
        dataSource.query('SELECT nothing FROM nowhere').catch(() => undefined),
      );
      const errors = duration.histogram.dataPoints.map(
        ({ attributes }: any) => attributesOf(attributes)['error.type'],
      );
      const expected = { sqlite: 'Error', postgres: '42P01', mysql: '1146' }[database.dialect];
      expect(errors.filter(Boolean)).toEqual([expected]);
    });

    it('count rows', async () => {
      const rows = await measured('db.client.response.returned_rows', () =>
        dataSource.getRepository(Author).find(),
      );
      const point = rows.histogram.dataPoints[0];
      expect(rows.unit).toBe('{row}');
      // One author three times, then all three.
      expect(point.sum).toBe(6);
    });

    it('stay few, however many different statements there are', async () => {
      const duration = await measured('db.client.operation.duration', async () => {
        for (let n = 0; n < 300; n++) await dataSource.query(`SELECT 1 FROM author AS t${n}, post AS p${n}`);
        for (let n = 0; n < 300; n++)
          await dataSource.query(`SELECT nothing FROM nowhere_${n}`).catch(() => undefined);
      });
      const summaries = duration.histogram.dataPoints.map(
        ({ attributes }: any) => attributesOf(attributes)['db.query.summary'],
      );
      expect(summaries.length).toBeLessThan(210);
      expect(summaries).toContain('other');
    });
  });
});
