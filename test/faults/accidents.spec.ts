import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { Line } from '../../lib/line.js';
import { describeOn } from '../databases.js';
import { heardUnhandled } from './unhandled.js';

/** What came out, as the application's code could see it. */
async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await work());
  } catch (error) {
    const { name, message, code } = error as Error & { code?: unknown };
    return `${name} ${String(code)} ${message}`;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the server runs `count` statements with `text`. */
async function running(dataSource: DataSource, text: string, count: number): Promise<void> {
  const observer = await new DataSource({
    ...dataSource.options,
    dropSchema: false,
    synchronize: false,
  }).initialize();
  try {
    for (;;) {
      const rows = await observer.query<unknown[]>(
        `SELECT pid FROM pg_stat_activity WHERE state = 'active' AND datname = current_database() AND query = $1`,
        [text],
      );
      if (rows.length >= count) return;
      await pause(5);
    }
  } finally {
    await observer.destroy();
  }
}

/** Accidents of an application; each gets a fresh data source of two connections and closes it or not. */
const accidents: Readonly<Record<string, (dataSource: DataSource) => Promise<unknown>>> = {
  'a connection that is killed': async (dataSource) => {
    const runner = dataSource.createQueryRunner();
    const [{ pid }] = (await runner.query('SELECT pg_backend_pid() AS pid')) as [{ pid: number }];
    const killed = outcome(() => runner.query('SELECT pg_sleep(30)'));
    await running(dataSource, 'SELECT pg_sleep(30)', 1);
    await dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    const ended = await killed;
    // The driver tells of the lost connection some time after it failed the statement; until then the runner takes another.
    while (!runner.isReleased) await pause(5);
    const after = [ended, await outcome(() => runner.query('SELECT 1'))];
    await runner.release();
    return [...after, await outcome(() => dataSource.query('SELECT 2 AS two'))];
  },
  'a connection that is killed in a transaction': (dataSource) =>
    outcome(() =>
      dataSource.transaction(async (manager) => {
        await manager.query('SELECT 1');
        await manager.query('SELECT pg_terminate_backend(pg_backend_pid())');
      }),
    ),
  'a pool without a free connection': async (dataSource) => {
    const runners = [dataSource.createQueryRunner(), dataSource.createQueryRunner()];
    for (const runner of runners) await runner.connect();
    const waiting = await Promise.all(
      [1, 2, 3].map((n) => outcome(() => dataSource.query(`SELECT ${String(n)}`))),
    );
    for (const runner of runners) await runner.release();
    return [...waiting, await outcome(() => dataSource.query('SELECT 4 AS four'))];
  },
  'a stream that is destroyed': async (dataSource) => {
    const runner = dataSource.createQueryRunner();
    const stream = await runner.stream('SELECT generate_series(1, 100000) AS n');
    let rows = 0;
    for await (const _row of stream) if (++rows === 3) break;
    await runner.release();
    return [rows, stream.destroyed, await outcome(() => dataSource.query('SELECT 5 AS five'))];
  },
  'a stream that is destroyed with an error': async (dataSource) => {
    const runner = dataSource.createQueryRunner();
    const stream = await runner.stream('SELECT generate_series(1, 100000) AS n');
    const seen = outcome(async () => {
      for await (const _row of stream) stream.destroy(new RangeError('enough'));
    });
    const result = await seen;
    await runner.release();
    return result;
  },
  'a data source that closes while statements run': async (dataSource) => {
    const text = 'SELECT 1 AS one FROM pg_sleep(1)';
    const asked = [1, 2, 3].map(() => outcome(() => dataSource.query(text)));
    await running(dataSource, text, 2);
    const closed = await outcome(() => dataSource.destroy());
    return [...(await Promise.all(asked)), closed, await outcome(() => dataSource.query('SELECT 1'))];
  },
  'a statement that runs into its timeout': (dataSource) =>
    outcome(async () => {
      await dataSource.query("SET statement_timeout = '50ms'");
      return Promise.all([1, 2].map(() => outcome(() => dataSource.query('SELECT pg_sleep(1)'))));
    }),
};

describe('accidents of the application', () => {
  describeOn(['postgres'], (database) => {
    const silent = { error: () => undefined, warn: () => undefined, log: () => undefined };
    const unhandled = heardUnhandled();
    let line: Line | undefined;
    let dataSource: DataSource;

    const open = async () => {
      dataSource = await database.open({ poolSize: 2, extra: { connectionTimeoutMillis: 5_000 } });
    };
    beforeEach(() => {
      line = undefined;
    });
    afterEach(async () => {
      line?.close();
      if (dataSource.isInitialized) await dataSource.destroy();
      await pause(20);
      expect(unhandled.splice(0)).toEqual([]);
    });

    for (const [name, accident] of Object.entries(accidents)) {
      it(`end with QueryLens as without: ${name}`, async () => {
        await open();
        const bare = await accident(dataSource);
        if (dataSource.isInitialized) await dataSource.destroy();
        line = new Line({}, silent);
        await open();
        line.claim(dataSource, 'default');
        const { context } = line;
        expect(await context.observe('accident', () => accident(dataSource))).toEqual(bare);
        const report = await line.report();
        expect(report.self.failures).toEqual([]);
        expect(report.totals.queries).toBeGreaterThan(0);
      });
    }

    it('end as they would when QueryLens closes in their middle', async () => {
      line = new Line({}, silent);
      await open();
      line.claim(dataSource, 'default');
      const { context } = line;
      const work = context.observe('late', async () => {
        const first = (await dataSource.query('SELECT 1 AS one FROM pg_sleep(0.1)')) as unknown;
        const second = (await dataSource.query('SELECT 2 AS two')) as unknown;
        const third = await outcome(() => dataSource.query('SELECT * FROM nowhere'));
        return [first, second, third];
      });
      await pause(30);
      line.close();
      expect(await work).toEqual([
        [{ one: 1 }],
        [{ two: 2 }],
        'QueryFailedError 42P01 relation "nowhere" does not exist',
      ]);
    });
  });
});
