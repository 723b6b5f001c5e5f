import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { describeOn } from '../databases.js';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import { patchByHand } from '../integration/telemetry/patch-by-hand.js';
import { spanNamed } from '../integration/telemetry/span-tree.js';
import { startApp, type RunningApp } from './start-app.js';

describe('the summary of a unit of work beside the instrumentation of pg', () => {
  describeOn(['postgres'], (database) => {
    const sdk = new ExportingSdk();
    let host: RunningApp;
    let unpatch = (): void => undefined;

    beforeAll(async () => {
      await sdk.start();
      unpatch = patchByHand(new PgInstrumentation({ enabled: false }));
    });
    afterEach(() => host.app.close());
    afterAll(async () => {
      unpatch();
      await sdk.stop();
    });

    it.each(['auto', 'suppress', 'keep'] as const)('counts its statements: %s', async (driverSpans) => {
      host = await startApp({
        lens: QueryLensModule.forRoot({ telemetry: { driverSpans } }),
        database: TypeOrmModule.forRoot({ ...database.options(), entities: undefined, retryAttempts: 0 }),
      });
      await sdk.exported();
      sdk.receiver.clear();
      const dataSource = host.app.get(DataSource);
      await host.lens.observe('two numbers', async () => {
        await dataSource.query('SELECT * FROM generate_series(1, 2)');
        await dataSource.query('SELECT absent').catch(() => undefined);
      });
      const { attributes } = spanNamed(await sdk.exported(), 'two numbers');
      expect(attributes).toMatchObject({ 'query_lens.queries': 2, 'query_lens.rows': 2 });
      expect(attributes['query_lens.db_time_ms']).toBeGreaterThan(0);
    });
  });
});
