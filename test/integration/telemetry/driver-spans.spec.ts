import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { MySQL2Instrumentation } from '@opentelemetry/instrumentation-mysql2';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import { patchByHand } from './patch-by-hand.js';
import { tree } from './span-tree.js';
import { telemetryWith } from './telemetry-with.js';

/** The instrumentation of a driver, at work. */
function instrument(driver: 'postgres' | 'mysql'): () => void {
  return patchByHand(
    driver === 'postgres'
      ? new PgInstrumentation({ enabled: false })
      : new MySQL2Instrumentation({ enabled: false }),
  );
}

describe('beside instrumentations of drivers', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    let unpatch: () => void;
    let dataSource: DataSource;
    const select = database.dialect === 'mysql' ? 'SELECT `author`' : 'SELECT "author"';

    beforeAll(async () => {
      await sdk.start();
      unpatch = instrument(database.dialect as 'postgres' | 'mysql');
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
    });
    afterAll(async () => {
      unpatch();
      await sdk.stop();
    });

    async function spansOf(driverSpans: 'auto' | 'suppress' | 'keep', work: () => Promise<unknown>) {
      const sink = new RecordingSink(telemetryWith({ metrics: false, driverSpans }));
      const undo = instrumentDataSource(dataSource, sink);
      try {
        const spans = await sdk.during(() => sink.unit(work));
        expect(sink.failures).toEqual([]);
        return spans.filter(({ name }) => name !== 'connection.acquire');
      } finally {
        undo();
      }
    }
    const read = () => dataSource.getRepository(Author).findOneBy({ id: 1 });

    it('finds them at work to begin with', async () => {
      const spans = await sdk.during(read);
      expect(spans.some(({ scope }) => scope.startsWith('@opentelemetry/instrumentation-'))).toBe(true);
    });

    it.each(['auto', 'suppress'] as const)('one statement is one span of ours: %s', async (driverSpans) => {
      expect(tree(await spansOf(driverSpans, read))).toEqual(['INTERNAL request', `  CLIENT ${select}`]);
    });

    it('BEGIN and COMMIT are one span each, too', async () => {
      const spans = await spansOf('auto', () => dataSource.manager.save(Author, { name: 'saved' }));
      const scopes = new Set(spans.map(({ scope }) => scope));
      expect(scopes).toEqual(new Set(['application', 'nestjs-query-lens']));
    });

    it('the driver keeps its spans where that is wanted, and ours are none', async () => {
      const spans = await spansOf('keep', read);
      const clients = spans.filter(({ kind, name }) => kind === 'CLIENT' && !name.includes('connect'));
      expect(clients.map(({ scope }) => scope)).toEqual([
        expect.stringMatching(/^@opentelemetry\/instrumentation-/),
      ]);
    });

    it('leaves the application its own span, recording, after a statement', async () => {
      let late: unknown;
      await spansOf('auto', async () => {
        await read();
        await new Promise((resolve) => setImmediate(resolve));
        late = trace.getSpan(context.active())?.isRecording();
      });
      expect(late).toBe(true);
    });
  });
});
