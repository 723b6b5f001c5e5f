import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import type { DataSource } from 'typeorm';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import type { TelemetryOptions } from '../../../lib/telemetry/telemetry-options.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { ExportingSdk } from './exporting-sdk.js';
import { telemetryWith } from './telemetry-with.js';

/** What the server says that the connection is running: the statement that asks. */
const ASK = {
  postgres: 'SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 1 = $1',
  mysql: 'SELECT info AS query FROM information_schema.processlist WHERE id = connection_id() AND 1 = ?',
  sqlite: '',
};
const TAGS = "/*action='test',db_driver='typeorm',framework='nestjs'*/";

describe('comments in statements', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    const sdk = new ExportingSdk();
    const logged: string[] = [];
    const ask = ASK[database.dialect];
    let dataSource: DataSource;
    let sink: RecordingSink;
    let undo = (): void => undefined;

    beforeAll(async () => {
      await sdk.start();
      dataSource = await database.open({
        entities: blogEntities,
        poolSize: 1,
        logger: { ...silent, logQuery: (query) => void logged.push(query) },
      });
      await fillBlog(dataSource);
    });
    afterEach(() => {
      undo();
      expect(sink.failures).toEqual([]);
    });
    afterAll(() => sdk.stop());

    function watch(sqlComments: TelemetryOptions['sqlComments']): void {
      sink = new RecordingSink(telemetryWith({ sqlComments }));
      undo = instrumentDataSource(dataSource, sink);
    }

    async function seen(work: () => Promise<{ query: string }[]>): Promise<string> {
      let text = '';
      const unit = await sink.unit(async () => {
        text = (await work())[0]!.query;
      });
      expect(unit.queries.map(({ statement }) => statement)).not.toContainEqual(
        expect.stringContaining('framework'),
      );
      return text;
    }
    const asked = () => dataSource.query<{ query: string }[]>(ask, [1]);

    it('are none unless they are asked for', async () => {
      watch(false);
      expect(await seen(asked)).not.toContain('/*');
    });

    it('are seen by the server and by nobody else', async () => {
      watch(true);
      logged.length = 0;
      expect(await seen(asked)).toMatch(new RegExp(`${TAGS.replace(/[*/]/g, '\\$&')}$`));
      expect(logged).toEqual([ask]);
    });

    it('carry the trace where that is asked for', async () => {
      watch({ traceparent: true });
      let text = '';
      const spans = await sdk.during(async () => {
        text = await seen(asked);
      });
      const statement = spans.find(({ kind }) => kind === 'CLIENT');
      expect(text).toContain(`traceparent='00-${statement?.traceId}-${statement?.spanId}-01'`);
    });

    it('leave statements alone that have one, or that are prepared under a name', async () => {
      watch(true);
      expect(await seen(() => dataSource.query(`${ask} /* mine */`, [1]))).not.toContain('framework');
      const runner = dataSource.createQueryRunner();
      const connection = await runner.connect();
      const prepared = await sink.unit(async () => {
        if (database.dialect === 'mysql') {
          const [[row]] = await connection.promise().execute(ask, [1]);
          // MySQL shows the value, MariaDB the placeholder.
          expect(row.query).toMatch(/AND 1 = [?1]$/);
          return;
        }
        const named = { name: 'mine', text: ask, values: [1] };
        for (let run = 0; run < 2; run++)
          await expect(connection.query(named)).resolves.toMatchObject({ rows: [{ query: ask }] });
      });
      expect(prepared.queries).toEqual([]);
      await runner.release();
    });

    it('change no result, no parameter and no error', async () => {
      const results = async () => {
        const authors = dataSource.getRepository(Author);
        const error = await dataSource
          .query(`${ask} AND nothing = 1`, [1])
          .catch((failure: unknown) => failure);
        const { query, message, parameters } = error as {
          query: string;
          message: string;
          parameters: unknown[];
        };
        return [
          await authors.find({ order: { id: 'ASC' } }),
          await authors.findAndCount(),
          query,
          message,
          parameters,
        ];
      };
      watch(false);
      const without = await results();
      undo();
      watch(true);
      let withComments: unknown;
      await sink.unit(async () => (withComments = await results()));
      expect(withComments).toEqual(without);
    });

    it('belong to the statement that they were made for, in whatever order many arrive', async () => {
      watch({ traceparent: true });
      const texts = new Map<string, string>();
      const spans = await sdk.during(() =>
        sink.unit(() =>
          Promise.all(
            Array.from({ length: 20 }, async (_, n) => {
              await sdk.tracer.startActiveSpan(`part ${n}`, async (span) => {
                const [row] = await asked();
                texts.set(trace.getActiveSpan()!.spanContext().spanId, row!.query);
                span.end();
              });
            }),
          ),
        ),
      );
      const statements = spans.filter(({ kind }) => kind === 'CLIENT');
      expect(texts.size).toBe(20);
      for (const { parentSpanId, spanId } of statements) expect(texts.get(parentSpanId)).toContain(spanId);
    });

    it('are gone from connections of the pool when QueryLens is', async () => {
      watch(true);
      await seen(asked);
      undo();
      const runner = dataSource.createQueryRunner();
      const connection = await runner.connect();
      expect(Object.hasOwn(connection, 'query')).toBe(false);
      await runner.release();
    });
  });

  describeOn(['sqljs', 'pglite'], (database) => {
    it('are none in SQLite, and disturb no embedded PostgreSQL', async () => {
      const dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      const sqlComments = true;
      const sink = new RecordingSink(telemetryWith({ sqlComments }));
      const undo = instrumentDataSource(dataSource, sink);
      const unit = await sink.unit(() =>
        dataSource.transaction((manager) => manager.save(Author, { name: 'new' })),
      );
      expect(unit.queries.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(sink.failures).toEqual([]);
      undo();
      await dataSource.destroy();
    });
  });
});

const nothing = (): void => undefined;
const silent = {
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
  logMigration: nothing,
  log: nothing,
};
