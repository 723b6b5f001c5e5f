import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import KeyvRedis from '@keyv/redis';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import { instrumentCache } from '../../../lib/capture/cache-manager/instrument-cache.js';
import { describeWith } from '../../databases.js';
import { startRedis, type PrivateRedis } from '../../redis-server.js';
import { RecordingSink } from '../capture/recording-sink.js';

describeWith('redis', () => {
  let redis: PrivateRedis;
  const opened: KeyvRedis<unknown>[] = [];

  beforeAll(async () => {
    redis = await startRedis(['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru']);
  });
  afterEach(async () => {
    redis.wake();
    for (const store of opened.splice(0)) await store.disconnect(true).catch(() => undefined);
  });
  afterAll(() => redis.close());

  const open = () => {
    const store = new KeyvRedis(
      { url: redis.url, disableOfflineQueue: true, socket: { reconnectStrategy: 50 } },
      { throwOnConnectError: false },
    );
    store.on('error', () => undefined);
    opened.push(store);
    const cache = createCache({ stores: [new Keyv({ store })] });
    const sink = new RecordingSink();
    instrumentCache(cache, sink, 'default');
    return { cache, sink };
  };

  it('shows the size that Redis stores, the tier, and how long it may live', async () => {
    const { cache, sink } = open();
    const { caches } = await sink.unit(async () => {
      await cache.set('author:1', { name: 'Ada' }, 60_000);
      await cache.get('author:1');
      await cache.get('author:2');
    });
    expect(caches).toMatchObject([
      { outcome: 'set', ttlMs: 60_000 },
      { outcome: 'hit', tier: 'primary' },
      { outcome: 'miss', tier: undefined },
    ]);
    const size = '{"value":{"name":"Ada"}}'.length;
    for (const { bytes } of caches.slice(0, 2)) expect(bytes).toBeGreaterThan(size);
  });

  it('sees what was evicted as missed', async () => {
    const { cache, sink } = open();
    const { caches } = await sink.unit(async () => {
      for (let id = 0; id < 300; id++) await cache.set(`page:${String(id)}`, 'x'.repeat(20_000), 60_000);
      for (let id = 0; id < 300; id++) await cache.get(`page:${String(id)}`);
    });
    expect(new Set(caches.map(({ outcome }) => outcome))).toEqual(new Set(['set', 'hit', 'miss']));
    expect(caches.filter(({ error }) => error !== undefined)).toEqual([]);
  });

  it('counts each failure while the store is down in the middle of traffic, and recovers with it', async () => {
    const { cache, sink } = open();
    await cache.set('author:1', 'Ada', 60_000);
    await redis.kill();
    const down = await sink.unit(async () => {
      for (let time = 0; time < 3; time++)
        expect(await cache.wrap(`author:${String(time)}`, () => 'computed', 60_000)).toBe('computed');
    });
    await redis.start();
    await until(async () => {
      await cache.set('author:1', 'Ada', 60_000);
      return (await cache.get('author:1')) === 'Ada';
    });
    const up = await sink.unit(() => cache.get('author:1'));
    expect(down.caches.map(({ outcome, error }) => [outcome, error !== undefined])).toEqual([
      ['failure', true],
      ['failure', true],
      ['failure', true],
    ]);
    expect(up.caches).toMatchObject([{ outcome: 'hit' }]);
  });

  it('measures how long a slow store takes', async () => {
    const { cache, sink } = open();
    await cache.set('author:1', 'Ada', 60_000);
    redis.freeze();
    setTimeout(() => {
      redis.wake();
    }, 200);
    const { caches } = await sink.unit(() => cache.get('author:1'));
    expect(caches).toMatchObject([{ outcome: 'hit' }]);
    expect(caches[0]?.durationMs).toBeGreaterThan(100);
  });
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await isTrue().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came true');
}
