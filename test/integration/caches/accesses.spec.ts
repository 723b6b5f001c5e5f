import { describe, expect, it } from '@jest/globals';
import { createCache } from 'cache-manager';
import { multiCaching, createCache as createCache5, memoryStore } from 'cache-manager-5';
import { createCache as createCache6 } from 'cache-manager-6';
import { Keyv } from 'keyv';
import { instrumentCache } from '../../../lib/capture/cache-manager/instrument-cache.js';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { cacheOnKeyv6, cacheVersions, type AnyCache } from './cache-versions.js';

function watched<Cache extends object>(cache: Cache) {
  const sink = new RecordingSink();
  const undo = instrumentCache(cache, sink, 'default');
  const accesses = async (work: () => unknown) => (await sink.unit(work)).caches;
  return { cache, sink, undo, accesses };
}

const brief = ({ operation, outcome, pattern }: CacheRecord) => `${operation} ${pattern} ${outcome}`;

describe.each([...cacheVersions, ['cache-manager 7 with Keyv 6', cacheOnKeyv6] as const])(
  'accesses of %s',
  (_name, create) => {
    it('tells misses, sets, hits and deletions', async () => {
      const { cache, accesses } = watched(create());
      const seen = await accesses(async () => {
        expect(await cache.get('author:1')).toBeFalsy();
        await cache.set('author:1', { name: 'Ada' }, 5_000);
        expect(await cache.get('author:1')).toEqual({ name: 'Ada' });
        await cache.del('author:1');
        expect(await cache.get('author:1')).toBeFalsy();
      });
      expect(seen.map(brief)).toEqual([
        'get author:* miss',
        'set author:* set',
        'get author:* hit',
        'del author:* delete',
        'get author:* miss',
      ]);
      expect(seen[1]?.ttlMs).toBe(5_000);
      expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
    });

    it('is gone without a trace when it is undone', async () => {
      const bare = create();
      const methods = { ...bare } as Record<string, unknown>;
      const { undo, sink } = watched(bare);
      expect({ ...bare }).not.toEqual(methods);
      undo();
      expect({ ...bare }).toEqual(methods);
      const { caches } = await sink.unit(() => bare.get('author:1'));
      expect(caches).toEqual([]);
    });
  },
);

describe.each(cacheVersions)('wrap() of %s', (_name, create) => {
  it('is seen as hit, miss and waiting, which no event tells', async () => {
    const { cache, accesses } = watched(create());
    let computations = 0;
    const compute = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return ++computations;
    };
    const seen = await accesses(async () => {
      const values = await Promise.all([1, 2, 3].map(() => cache.wrap('top', compute, 5_000)));
      expect([...values, await cache.wrap('top', compute, 5_000)]).toEqual([1, 1, 1, 1]);
    });
    expect(seen.map(({ outcome }) => outcome)).toEqual(['miss', 'coalesced', 'coalesced', 'hit']);
    expect(seen.map(({ computation }) => computation !== undefined)).toEqual([true, false, false, false]);
  });

  it('passes on what the computation throws, which is no failure of the cache', async () => {
    const { cache, accesses } = watched(create());
    const seen = await accesses(async () => {
      await expect(cache.wrap('top', () => Promise.reject(new Error('no database')))).rejects.toThrow(
        'no database',
      );
    });
    expect(seen.map(brief)).toEqual(['wrap top miss']);
    expect(seen[0]).toMatchObject({ computation: { isFailed: true }, error: undefined });
  });
});

describe('several stores', () => {
  it('names the tier that answered', async () => {
    const [near, far] = [new Keyv(), new Keyv()];
    const { cache, accesses } = watched(createCache({ stores: [near, far] }));
    await far.set('author:1', 'Ada');
    const seen = await accesses(async () => {
      await cache.get('author:1');
      await cache.wrap('author:1', () => 'nobody');
      await cache.get('author:1');
    });
    expect(seen.map(({ operation, outcome, tier }) => [operation, outcome, tier])).toEqual([
      ['get', 'hit', 'secondary:0'],
      ['wrap', 'hit', 'secondary:0'],
      ['get', 'hit', 'primary'],
    ]);
  });

  it('keeps the tiers of concurrent accesses apart', async () => {
    const [near, far] = [new Keyv(), new Keyv()];
    const { cache, accesses } = watched(createCache({ stores: [near, far] }));
    await near.set('a', 1);
    await far.set('b', 2);
    const seen = await accesses(() => Promise.all(['a', 'b', 'c', 'b', 'a'].map((key) => cache.get(key))));
    expect(seen.map(({ tier }) => tier)).toEqual([
      'primary',
      'secondary:0',
      undefined,
      'secondary:0',
      'primary',
    ]);
  });

  it('takes what the second store answers for a hit although the first one failed, and keeps the error', async () => {
    const broken = {
      get: () => Promise.reject(new Error('ECONNREFUSED')),
      set: fail,
      delete: fail,
      clear: fail,
    };
    const { cache, accesses } = watched(createCache({ stores: [new Keyv({ store: broken }), new Keyv()] }));
    await (cache.stores[1] as Keyv).set('author:1', 'Ada');
    const [access] = await accesses(() => cache.get('author:1'));
    expect(access).toMatchObject({ outcome: 'hit', tier: 'secondary:0', error: { message: 'ECONNREFUSED' } });
  });

  it('works with multiCaching of cache-manager 5, whose caches do not show', async () => {
    const caches = [1, 2].map(() => createCache5(memoryStore()));
    const { cache, accesses } = watched(multiCaching(caches) as unknown as AnyCache);
    const seen = await accesses(async () => {
      await cache.set('author:1', 'Ada');
      await cache.get('author:1');
      await cache.wrap('author:2', () => 'Grace');
    });
    expect(seen.map(brief)).toEqual(['set author:* set', 'get author:* hit', 'wrap author:* miss']);
  });
});

const fail = () => Promise.reject(new Error('ECONNREFUSED'));

describe('what stores swallow', () => {
  const broken = () => new Keyv({ store: { get: fail, set: fail, delete: fail, clear: fail } });

  it('is counted as a failure, though the caller sees a miss', async () => {
    const { cache, accesses } = watched(createCache({ stores: [broken()] }));
    const seen = await accesses(async () => {
      expect(await cache.get('author:1')).toBeUndefined();
      await cache.set('author:1', 'Ada');
      expect(await cache.wrap('author:1', () => 'Ada')).toBe('Ada');
    });
    expect(
      seen.map(({ operation, outcome, error }) => [operation, outcome, error?.message, error?.isThrown]),
    ).toEqual([
      ['get', 'failure', 'ECONNREFUSED', false],
      ['set', 'failure', 'ECONNREFUSED', false],
      ['wrap', 'failure', 'ECONNREFUSED', false],
    ]);
  });

  it('is marked as thrown where the caller gets it', async () => {
    const store = broken();
    store.throwOnErrors = true;
    const { cache, accesses } = watched(createCache({ stores: [store] }));
    const seen = await accesses(async () => {
      await expect(cache.set('author:1', 'Ada')).rejects.toThrow('ECONNREFUSED');
    });
    expect(seen[0]).toMatchObject({ outcome: 'failure', error: { isThrown: true } });
  });
});

describe('computations', () => {
  it('refreshed in the background are stale hits', async () => {
    const { cache, accesses } = watched(createCache());
    await cache.set('top', 'old', 1_000);
    const seen = await accesses(async () => {
      expect(
        await cache.wrap('top', () => Promise.resolve('new'), { ttl: 1_000, refreshThreshold: 2_000 }),
      ).toBe('old');
    });
    expect(seen).toMatchObject([{ outcome: 'stale', found: 1, computation: { isBackground: true } }]);
    expect(await cache.get('top')).toBe('new');
  });

  it('nest: an inner access knows the computation it is part of', async () => {
    const { cache, accesses } = watched(createCache());
    const seen = await accesses(() => cache.wrap('page', () => cache.wrap('author:1', () => 'Ada')));
    expect(seen.map(({ pattern, id, within }) => [pattern, id, within])).toEqual([
      ['page', 1, undefined],
      ['author:*', 2, 1],
    ]);
  });
});

describe('many keys at once', () => {
  it('count by their patterns', async () => {
    const { cache, accesses } = watched(createCache());
    const seen = await accesses(async () => {
      await cache.mset([
        { key: 'author:1', value: 1, ttl: 1_000 },
        { key: 'book:1', value: 2, ttl: 1_000 },
      ]);
      await cache.mget(['author:1', 'author:2', 'book:1']);
      await cache.mdel(['author:1', 'author:2']);
      await cache.clear();
    });
    expect(seen.map((record) => [brief(record), record.keys, record.found])).toEqual([
      ['mset author:* set', 1, 0],
      ['mset book:* set', 1, 0],
      ['mget author:* miss', 2, 1],
      ['mget book:* hit', 1, 1],
      ['mdel author:* delete', 2, 0],
      ['clear  delete', 0, 0],
    ]);
  });
});

describe('a cached null', () => {
  it('is a value in cache-manager 7 once it has been met', async () => {
    const { cache, accesses } = watched(createCache());
    await cache.set('author:1', null);
    const seen = await accesses(async () => {
      await cache.get('author:1');
      await cache.get('author:1');
    });
    expect(seen[1]).toMatchObject({ outcome: 'hit', isNull: true });
  });

  it('cannot be told from a miss at first in cache-manager 6, where a miss is null', async () => {
    const { cache, accesses } = watched(createCache6());
    const seen = await accesses(async () => {
      await cache.get('author:1');
      await cache.get('author:1');
    });
    expect(seen.map(({ outcome }) => outcome)).toEqual(['miss', 'miss']);
  });
});
