import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, Logger, QueryRunner } from 'typeorm';
import { observeResult } from '../../../lib/capture/observe-result.js';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog, Post, Tag } from './blog.js';
import { RecordingSink } from './recording-sink.js';

/** The application's own logger. */
class OwnLogger implements Logger {
  readonly calls: string[] = [];
  logQuery(query: string): void {
    this.calls.push(query);
  }
  logQueryError(error: string | Error, query: string): void {
    this.calls.push(`error ${query}`);
  }
  logQuerySlow(): void {
    return;
  }
  logSchemaBuild(): void {
    return;
  }
  logMigration(): void {
    return;
  }
  log(): void {
    return;
  }
}

describe('the application', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres'], (database) => {
    const logger = new OwnLogger();
    const sink = new RecordingSink();
    let dataSource: DataSource;

    beforeAll(async () => {
      dataSource = await database.open({ entities: blogEntities, logger, logging: true });
      await fillBlog(dataSource);
    });
    afterAll(() => {
      expect(sink.failures).toEqual([]);
    });

    /** The same work bare and instrumented. */
    async function twice<T>(work: () => Promise<T>): Promise<[bare: T, instrumented: T]> {
      const bare = await work();
      const undo = instrumentDataSource(dataSource, sink);
      let instrumented: T | undefined;
      await sink.unit(async () => {
        instrumented = await work();
      });
      undo();
      return [bare, instrumented as T];
    }

    async function onRunner<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
      const runner = dataSource.createQueryRunner();
      return work(runner).finally(() => runner.release());
    }

    it('gets the same results', async () => {
      const [bare, instrumented] = await twice(async () => [
        await dataSource.manager.find(Author, { relations: { posts: { tags: true } }, order: { id: 1 } }),
        await dataSource.manager.findAndCount(Post, { take: 2, relations: { tags: true }, order: { id: 1 } }),
        await dataSource.manager.find(Post, { relations: { tags: true }, relationLoadStrategy: 'query' }),
        await dataSource.query('SELECT name FROM author ORDER BY name'),
        await dataSource.createQueryBuilder(Tag, 'tag').getRawMany(),
        await dataSource.manager.update(Author, { name: 'nobody' }, { name: 'nobody' }),
        await onRunner((runner) => runner.query('UPDATE author SET name = name', [], true)),
      ]);
      expect(instrumented).toStrictEqual(bare);
    });

    it('gets the same errors, with the same stack', async () => {
      const [bare, instrumented] = await twice(async function readsNothing() {
        try {
          await dataSource.query('SELECT nothing FROM nowhere');
        } catch (error) {
          return error as Error & { code?: unknown };
        }
        throw new Error('unreachable');
      });
      expect(instrumented.constructor).toBe(bare.constructor);
      expect(instrumented.message).toBe(bare.message);
      expect(instrumented.code).toBe(bare.code);
      const reaches = (error: Error) => error.stack?.includes('readsNothing') ?? false;
      expect(reaches(instrumented)).toBe(reaches(bare));
    });

    it('gets the errors of wrong calls as they are', async () => {
      const [bare, instrumented] = await twice(() =>
        onRunner((runner) =>
          runner.query(undefined as unknown as string).catch((error: unknown) => String(error)),
        ),
      );
      expect(instrumented).toBe(bare);
    });

    it('keeps its own logger, which receives every call', async () => {
      logger.calls.length = 0;
      const lines = await twice(async () => {
        const from = logger.calls.length;
        const authors = await dataSource.manager.find(Author);
        await Promise.all(authors.map((author) => author.posts));
        await dataSource.query('SELECT nothing FROM nowhere').catch(() => undefined);
        return logger.calls.slice(from);
      });
      expect(lines[1]).toEqual(lines[0]);
      expect(dataSource.logger).toBe(logger);
    });

    it('sees parallel statements end in the same order', async () => {
      const [bare, instrumented] = await twice(async () => {
        const order: number[] = [];
        // A server with a pool decides for itself.
        const parallel = database.name === 'postgres' ? [0] : [0, 1, 2, 3, 4];
        await Promise.all(
          parallel.map(async (index) => {
            await dataSource.manager.findOneBy(Author, { id: index });
            order.push(index);
          }),
        );
        return order;
      });
      expect(instrumented).toEqual(bare);
    });
  });

  it('gets a promise that rejects when its own does, and no other that it must handle', async () => {
    const failure = new Error('no');
    const observed = observeResult(
      Promise.reject(failure),
      () => undefined,
      () => undefined,
    );
    await expect(observed).rejects.toBe(failure);
  });
});
