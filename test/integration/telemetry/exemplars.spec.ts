import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createNoopMeter,
  metrics,
  trace,
  type Context,
  type Histogram,
  type Meter,
} from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import { telemetryWith } from './telemetry-with.js';

/** What an SDK that keeps exemplars makes them of: the span of the context that comes with a measurement. */
class Exemplars {
  readonly spans: Record<string, (string | undefined)[]> = {};

  readonly meter: Meter = Object.assign(Object.create(createNoopMeter()) as Meter, {
    createHistogram: (name: string): Histogram => ({
      record: (_value, _attributes, context: Context) => {
        (this.spans[name] ??= []).push(trace.getSpan(context)?.spanContext().spanId);
      },
    }),
  });
}

describe('the context of measurements', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    const sdk = new ExportingSdk();
    const exemplars = new Exemplars();
    const telemetry = telemetryWith();
    const sink = new RecordingSink(telemetry);
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
      await sdk.start();
      metrics.setGlobalMeterProvider({ getMeter: () => exemplars.meter });
    });
    afterAll(async () => {
      undo();
      await sdk.stop();
      expect(sink.failures).toEqual([]);
    });

    it('has the span of the statement, however late they are handed over', async () => {
      const spans = await sdk.during(async () => {
        await sink.unit(() => dataSource.getRepository(Author).count());
        await sink.unit(() => dataSource.getRepository(Author).find());
      });
      telemetry.close();
      const statements = spans.filter(({ kind }) => kind === 'CLIENT').map(({ spanId }) => spanId);
      expect(statements).toHaveLength(2);
      expect(exemplars.spans['db.client.operation.duration']).toEqual(statements);
      expect(exemplars.spans['db.client.response.returned_rows']).toEqual(statements);
    });
  });
});
