import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import * as typeorm03 from 'typeorm-0.3';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import { describeWith } from '../../databases.js';
import { startRedis, type PrivateRedis } from '../../redis-server.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { Stamp } from './stamp.entity.js';

const DataSource03 = typeorm03.DataSource as unknown as typeof DataSource;
const clients = [
  ['TypeORM 1.x', 'redis', DataSource],
  ['TypeORM 1.x', 'ioredis', DataSource],
  ['TypeORM 0.3', 'redis', DataSource03],
  ['TypeORM 0.3', 'ioredis', DataSource03],
] as const;
const MINUTE_MS = 60_000;

const brief = ({ operation, outcome, pattern, tier }: CacheRecord) =>
  `${operation} ${pattern} ${outcome} ${String(tier)}`;

const connectionOf = ({ queryResultCache }: DataSource) =>
  (queryResultCache as unknown as { client: Redis }).client;

describeWith('redis', () => {
  let redis: PrivateRedis;
  let raw: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    raw = new Redis(redis.port, { retryStrategy: () => 50 });
    raw.on('error', () => undefined);
  });
  afterAll(async () => {
    raw.disconnect();
    await redis.close();
  });

  describe.each(clients)('the result cache of %s in Redis, through %s', (_version, client, Source) => {
    const opened: DataSource[] = [];
    let units: ObservedUnits;

    beforeEach(() => raw.flushall());
    afterEach(async () => {
      units.stop();
      for (const dataSource of opened.splice(0)) {
        // TypeORM would ask a server that may be gone for its leave.
        const connection = connectionOf(dataSource);
        if (client === 'redis') (connection as unknown as { destroy(): void }).destroy();
        else connection.disconnect();
        Reflect.set(dataSource, 'queryResultCache', undefined);
        await dataSource.destroy();
      }
    });

    /** A command on a lost connection fails at once, or after one try to connect again. */
    const optionsOf = {
      redis: () => ({ url: redis.url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } }),
      ioredis: () => ({ port: redis.port, maxRetriesPerRequest: 1, retryStrategy: () => 50 }),
    };

    async function open(ignoreErrors: boolean): Promise<(id: number) => Promise<Stamp[]>> {
      const dataSource = new Source({
        type: 'sqljs',
        entities: [Stamp],
        synchronize: true,
        cache: { type: client, options: optionsOf[client](), ignoreErrors },
      });
      opened.push(await dataSource.initialize());
      // Without a listener a lost connection would end the process: that is how both clients are.
      connectionOf(dataSource).on('error', () => undefined);
      const stamps = dataSource.getRepository(Stamp);
      await stamps.save([
        { id: 1, name: 'Penny Black' },
        { id: 2, name: 'Inverted Jenny' },
      ]);
      units = new ObservedUnits(dataSource);
      return (id) =>
        stamps.find({ where: { id }, cache: { id: `stamp:${String(id)}`, milliseconds: MINUTE_MS } });
    }

    const recorded = async (work: () => Promise<unknown>) => {
      const { analysed, findings } = await units.run(work);
      return { caches: analysed.unit.caches, queries: analysed.queries.length, findings };
    };

    it('tells misses, what is stored, and hits, with size and time to live', async () => {
      const find = await open(false);
      const { caches, queries, findings } = await recorded(async () => {
        expect(await find(1)).toEqual(await find(1));
        await find(2);
      });
      expect(caches.map(brief)).toEqual([
        `get stamp:* miss ${client}`,
        `set stamp:* set ${client}`,
        `get stamp:* hit ${client}`,
        `get stamp:* miss ${client}`,
        `set stamp:* set ${client}`,
      ]);
      expect(caches[0]).toMatchObject({ cache: 'typeorm:default', via: 'typeorm' });
      expect(caches[1]).toMatchObject({ ttlMs: MINUTE_MS });
      expect(caches[2]?.bytes).toBe(caches[1]?.bytes);
      expect(queries).toBe(2);
      expect(findings).toEqual([]);
    });

    it('tells a result that is older than its time, and one that Redis has dropped', async () => {
      const find = await open(false);
      await find(1);
      const stored = JSON.parse((await raw.get('stamp:1'))!) as { time: number };
      await raw.set('stamp:1', JSON.stringify({ ...stored, time: stored.time - 2 * MINUTE_MS }));
      const old = await recorded(() => find(1));
      await raw.del('stamp:1');
      const dropped = await recorded(() => find(1));
      expect(old.caches.map(({ outcome }) => outcome)).toEqual(['stale', 'set']);
      expect(dropped.caches.map(({ outcome }) => outcome)).toEqual(['miss', 'set']);
    });

    it('finds that one identifier served the rows of other values', async () => {
      const find = await open(false);
      await find(1);
      await raw.rename('stamp:1', 'stamp:2');
      const { findings } = await recorded(async () => {
        expect((await find(2)).map(({ name }) => name)).toEqual(['Penny Black']);
      });
      expect(findings).toMatchObject([
        { kind: 'cache-id-collision', severity: 'error', cacheKey: 'typeorm:default stamp:*' },
      ]);
    });

    describe('while Redis is down', () => {
      afterEach(() => redis.start());

      it('answers from the database and counts each failure, where errors are ignored', async () => {
        const find = await open(true);
        await find(1);
        await redis.kill();
        const { caches, queries, findings } = await recorded(async () => {
          expect((await find(1)).map(({ name }) => name)).toEqual(['Penny Black']);
          expect((await find(2)).map(({ name }) => name)).toEqual(['Inverted Jenny']);
        });
        expect(caches.map(({ operation, outcome, error }) => [operation, outcome, error?.isThrown])).toEqual([
          ['get', 'failure', false],
          ['get', 'failure', false],
        ]);
        expect(queries).toBe(2);
        // A connection that is lost and one that is not there are two errors.
        expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['cache-failure']));
      });

      it('lets the error go on where it is not ignored, and records it', async () => {
        const find = await open(false);
        await find(1);
        await redis.kill();
        const { caches, findings } = await recorded(() => find(1).catch(() => undefined));
        expect(caches.map(({ outcome, error }) => [outcome, error?.isThrown])).toEqual([['failure', true]]);
        expect(findings.map(({ kind, severity }) => [kind, severity])).toEqual([['cache-failure', 'error']]);
      });
    });

    it('hits again when Redis is back', async () => {
      const find = await open(true);
      await redis.kill();
      await find(1);
      await redis.start();
      let outcomes: string[] = [];
      for (let attempt = 0; attempt < 400 && outcomes.at(-1) !== 'hit'; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        const { caches } = await recorded(() => find(1));
        outcomes = caches.map(({ outcome }) => outcome);
      }
      expect(outcomes).toEqual(['hit']);
    });
  });
});
