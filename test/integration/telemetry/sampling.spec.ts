import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { context, trace, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, SamplingDecision, type Sampler } from '@opentelemetry/sdk-trace-base';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { telemetryWith } from './telemetry-with.js';

/** What a sampler is told of each span, by name. Keeps none. */
class Witness implements Sampler {
  readonly seen: (readonly [string, Attributes])[] = [];

  shouldSample(_: unknown, _id: string, name: string, _kind: unknown, attributes: Attributes) {
    this.seen.push([name, attributes]);
    return { decision: SamplingDecision.NOT_RECORD };
  }
}

describe('a sampler', () => {
  describeOn(['sqljs', 'better-sqlite3', 'postgres', 'mysql'], (database) => {
    const witness = new Witness();
    const sink = new RecordingSink(telemetryWith());
    let dataSource: DataSource;
    let undo: () => void;
    const name = database.dialect === 'mysql' ? 'SELECT `author`' : 'SELECT "author"';

    beforeAll(async () => {
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      trace.setGlobalTracerProvider(new BasicTracerProvider({ sampler: witness }));
      dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
    });
    afterAll(() => {
      undo();
      trace.disable();
      context.disable();
      expect(sink.failures).toEqual([]);
    });

    it('sees at the start what it may decide by', async () => {
      witness.seen.length = 0;
      await sink.unit(() => dataSource.getRepository(Author).findBy({ name: 'hunter2' }));
      const [, attributes] = witness.seen.find(([seen]) => seen === name)!;
      const { host } = dataSource.options as { host?: string };
      const url = 'url' in dataSource.options ? new URL(String(dataSource.options.url)) : undefined;
      const address = host ?? url?.hostname;
      expect(attributes).toEqual({
        'db.system.name': { sqlite: 'sqlite', postgres: 'postgresql', mysql: 'mysql' }[database.dialect],
        'db.query.summary': name,
        'db.query.text': expect.stringMatching(/ WHERE .*(\$1|\?)/),
        'db.operation.name': 'find',
        'db.collection.name': 'author',
        ...(database.dialect === 'sqlite' ? {} : { 'db.namespace': namespaceOf(dataSource) }),
        ...(database.name === 'better-sqlite3' ? { 'db.namespace': ':memory:' } : {}),
        ...(address === undefined ? {} : { 'server.address': address }),
      });
    });
  });
});

/** The database, and on PostgreSQL the first schema of its search path. */
function namespaceOf({ driver, options }: DataSource): string {
  return options.type === 'postgres' ? `${driver.database!}|public` : driver.database!;
}
