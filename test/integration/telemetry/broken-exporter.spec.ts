import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { context, metrics, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { telemetryWith } from './telemetry-with.js';

const STATEMENTS = 100;
/** `ExportResultCode.FAILED`, of a package that only the SDK has. */
const FAILED = 1 as never;
const broken = (): never => {
  throw new Error('the exporter is broken');
};
const settled = () => Promise.resolve();
const shutdown = { shutdown: settled, forceFlush: settled };

describe('a broken exporter', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    const opened: { shutdown(): Promise<unknown> }[] = [];
    afterEach(async () => {
      for (const api of [trace, context, metrics]) api.disable();
      await Promise.all(opened.splice(0).map((one) => one.shutdown().catch(() => undefined)));
    });

    function use(processor: SpanProcessor): void {
      const provider = new BasicTracerProvider({ spanProcessors: [processor] });
      opened.push(provider);
      trace.setGlobalTracerProvider(provider);
    }

    /** What an application gets of its database; must be the same whatever becomes of its telemetry. */
    async function answers(): Promise<void> {
      const dataSource = await database.open({ entities: blogEntities, poolSize: 3 });
      await fillBlog(dataSource);
      context.setGlobalContextManager(new AsyncLocalStorageContextManager());
      const sink = new RecordingSink(telemetryWith());
      const undo = instrumentDataSource(dataSource, sink);
      const authors = dataSource.getRepository(Author);
      const unit = await sink.unit(async () => {
        const counts = await Promise.all(Array.from({ length: STATEMENTS }, () => authors.count()));
        expect(new Set(counts)).toEqual(new Set([3]));
        await expect(dataSource.query('SELECT 1 FROM nowhere')).rejects.toThrow(/nowhere/);
        await dataSource.transaction((manager) => manager.save(Author, { name: 'new' }));
        await expect(authors.count()).resolves.toBe(4);
      });
      expect(unit.queries.length).toBeGreaterThan(STATEMENTS);
      expect(sink.failures).toEqual([]);
      undo();
      await dataSource.destroy();
    }

    const exporters: Record<string, SpanExporter> = {
      'throws at once': { ...shutdown, export: broken },
      'never answers': { ...shutdown, export: () => undefined },
      'fails each batch': {
        ...shutdown,
        export: (_, done) => {
          done({ code: FAILED, error: new Error('refused') });
        },
      },
    };

    it.each(Object.entries(exporters))('changes nothing: a batch of spans that %s', async (_, exporter) => {
      const options = {
        maxQueueSize: 10,
        maxExportBatchSize: 5,
        scheduledDelayMillis: 1,
        exportTimeoutMillis: 50,
      };
      const processor = new BatchSpanProcessor(exporter, options);
      use(processor);
      await answers();
    });

    it('changes nothing: one span after another, to an exporter that never answers', async () => {
      const processor = new SimpleSpanProcessor(exporters['never answers']!);
      use(processor);
      await answers();
    });

    it('changes nothing: a collector that takes the connection and says nothing', async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => void sockets.push(socket));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/traces`;
      const exporter = new OTLPTraceExporter({ url, timeoutMillis: 100 });
      const processor = new BatchSpanProcessor(exporter, {
        maxQueueSize: 10,
        maxExportBatchSize: 5,
        exportTimeoutMillis: 50,
      });
      use(processor);
      await answers();
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    it('changes nothing: metrics that cannot be sent', async () => {
      const exporter: PushMetricExporter = { ...shutdown, export: broken };
      const reader = new PeriodicExportingMetricReader({
        exporter,
        exportIntervalMillis: 20,
        exportTimeoutMillis: 10,
      });
      const provider = new MeterProvider({ readers: [reader] });
      metrics.setGlobalMeterProvider(provider);
      await answers();
      await provider.shutdown().catch(() => undefined);
    });
  });
});
