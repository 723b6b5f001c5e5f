import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { metrics } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { poolReadings } from '../../../lib/capture/typeorm/pool-readings.js';
import type { Telemetry } from '../../../lib/telemetry/telemetry.js';
import { describeOn } from '../../databases.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { attributesOf, OtlpReceiver } from './otlp-receiver.js';
import { telemetryWith } from './telemetry-with.js';

describe('metrics of pools', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    let receiver: OtlpReceiver;
    let provider: MeterProvider;
    let dataSource: DataSource;
    let telemetry: Telemetry;
    let sink: RecordingSink;
    let undo: () => void;

    beforeEach(async () => {
      receiver = new OtlpReceiver();
      const exporter = new OTLPMetricExporter({ url: `${await receiver.listen()}/v1/metrics` });
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      provider = new MeterProvider({ readers: [reader] });
      metrics.setGlobalMeterProvider(provider);
      dataSource = await database.open({ poolSize: 3 });
      telemetry = telemetryWith({}, { pools: () => poolReadings(dataSource) });
      sink = new RecordingSink(telemetry);
      undo = instrumentDataSource(dataSource, sink);
      await sink.unit(() => dataSource.query('SELECT 1'));
    });
    afterEach(async () => {
      undo();
      telemetry.close();
      await dataSource.destroy();
      await provider.shutdown();
      metrics.disable();
      await receiver.close();
      expect(sink.failures).toEqual([]);
    });

    /** Points of a metric: the value, or the count of a histogram, by state. */
    async function points(name: string): Promise<Record<string, number>> {
      receiver.clear();
      await provider.forceFlush();
      const metric = receiver.metrics.find((one) => one.name === `db.client.connection.${name}`);
      const found = (metric?.sum ?? metric?.histogram)?.dataPoints ?? [];
      return Object.fromEntries(
        found.map((point: any) => {
          const attributes = attributesOf(point.attributes);
          expect(attributes['db.client.connection.pool.name']).toMatch(/^(127\.0\.0\.1|localhost):\d+\/\w+/);
          const value = point.asInt ?? point.asDouble ?? point.count;
          return [attributes['db.client.connection.state'] ?? 'all', Number(value)];
        }),
      );
    }

    it('say what a pool holds now', async () => {
      expect(await points('limit')).toEqual({ all: 3 });
      const runners = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
      for (const runner of runners) await runner.connect();
      expect(await points('count')).toEqual({ used: 2, idle: 0 });
      await runners[0]!.release();
      expect(await points('count')).toEqual({ used: 1, idle: 1 });
      await runners[1]!.release();
      expect(await points('pending_requests')).toEqual({ all: 0 });
      if (database.dialect === 'mysql') expect(await points('idle.max')).toEqual({ all: 3 });
      else expect(await points('idle.min')).toEqual({ all: 0 });
    });

    it('say who waits', async () => {
      const runners = Array.from({ length: 5 }, () => dataSource.createQueryRunner());
      const connected = runners.map((runner) => runner.connect());
      await Promise.all(connected.slice(0, 3));
      expect(await points('pending_requests')).toEqual({ all: 2 });
      for (const runner of runners.slice(0, 3)) await runner.release();
      await Promise.all(connected);
      for (const runner of runners.slice(3)) await runner.release();
      expect(await points('wait_time')).toEqual({ all: 6 });
      expect(await points('use_time')).toEqual({ all: 6 });
    });

    it('tell the connections that had to be opened from those that were there', async () => {
      await dataSource.destroy();
      await dataSource.initialize();
      const before = (await points('create_time'))['all'] ?? 0;
      const first = dataSource.createQueryRunner();
      const second = dataSource.createQueryRunner();
      await first.connect();
      await second.connect();
      const opened = (await points('create_time'))['all'] ?? 0;
      expect(opened - before).toBeGreaterThanOrEqual(1);
      await first.release();
      await second.release();
      for (let run = 0; run < 5; run++) await dataSource.query('SELECT 1');
      expect(await points('create_time')).toEqual({ all: opened });
    });

    it('stop with the application', async () => {
      telemetry.close();
      expect(await points('count')).toEqual({});
    });
  });
});
