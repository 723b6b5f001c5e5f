import KeyvRedis from '@keyv/redis';
import { Keyv } from 'keyv';

/** Redis where `REDIS_URL` is set and answers, this process's memory otherwise. */
export async function cacheStores(url = process.env['REDIS_URL']): Promise<Keyv[]> {
  if (url === undefined) return [new Keyv()];
  // While Redis is away commands fail at once: its client would keep them, and the requests with them, until it is back.
  const store = new KeyvRedis(
    { url, disableOfflineQueue: true },
    { throwOnConnectError: false, connectionTimeout: 2_000 },
  );
  store.on('error', () => undefined);
  try {
    await store.getClient();
    if (!store.client.isOpen) throw new Error('it does not answer');
    return [new Keyv({ store, namespace: 'sample-02' })];
  } catch {
    await store.disconnect(true).catch(() => undefined);
    return [new Keyv()];
  }
}
