import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import { DataSource } from 'typeorm';
import * as typeorm03 from 'typeorm-0.3';
import { queryLensResultCache } from 'nestjs-query-lens/cache';
import { instrumentCache } from '../../../lib/capture/cache-manager/instrument-cache.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { cacheOnKeyv6, cacheVersions, type AnyCache } from './cache-versions.js';
import { Stamp } from './stamp.entity.js';

const sources = [
  ['TypeORM 1.x', DataSource],
  ['TypeORM 0.3', typeorm03.DataSource as unknown as typeof DataSource],
] as const;
const caches = [...cacheVersions, ['cache-manager 7 with Keyv 6', cacheOnKeyv6] as const];

describe.each(
  sources.flatMap(([orm, Source]) => caches.map(([name, create]) => [orm, name, Source, create] as const)),
)('results of %s in %s', (_orm, _name, Source, create) => {
  let dataSource: DataSource;
  let units: ObservedUnits;
  let cache: AnyCache;

  beforeAll(async () => {
    cache = create();
    const provider = queryLensResultCache(cache) as never;
    dataSource = new Source({ type: 'sqljs', entities: [Stamp], synchronize: true, cache: { provider } });
    await dataSource.initialize();
    await dataSource.getRepository(Stamp).save([
      { id: 1, name: 'Florin' },
      { id: 2, name: 'Ducat' },
    ]);
    units = new ObservedUnits(dataSource);
  });
  afterAll(async () => {
    units.stop();
    await dataSource.destroy();
  });

  const find = (id: number, cacheOptions: object | number = 60_000) =>
    dataSource.getRepository(Stamp).find({ where: { id }, cache: cacheOptions as number });
  const statements = async (work: () => Promise<unknown>) => (await units.run(work)).analysed.queries.length;

  it('are found without a statement of their own', async () => {
    expect(await statements(() => find(1))).toBe(1);
    expect(
      await statements(async () => {
        expect(await find(1)).toEqual([{ id: 1, name: 'Florin' }]);
      }),
    ).toBe(0);
  });

  it('are forgotten by name', async () => {
    const named = () => find(2, { id: 'ducat', milliseconds: 60_000 });
    await named();
    await dataSource.queryResultCache?.remove(['ducat']);
    expect(await statements(named)).toBe(1);
    expect(await statements(named)).toBe(0);
  });

  it('are forgotten all together, and nothing else of the cache is', async () => {
    await cache.set('mine', 'kept', 60_000);
    await find(1);
    await dataSource.queryResultCache?.clear();
    expect(await statements(() => find(1))).toBe(1);
    expect(await cache.get('mine')).toBe('kept');
  });

  it('never serve the rows of another statement under one identifier, and tell of it', async () => {
    const shared = { id: 'coins', milliseconds: 60_000 };
    const { findings } = await units.run(async () => {
      expect(await find(1, shared)).toEqual([{ id: 1, name: 'Florin' }]);
      expect(await find(2, shared)).toEqual([{ id: 2, name: 'Ducat' }]);
    });
    expect(findings.map(({ kind, evidence }) => [kind, evidence.facts['outcome']])).toEqual([
      ['cache-id-collision', 'miss'],
    ]);
  });

  it('expire', async () => {
    await find(1, { id: 'brief', milliseconds: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await statements(() => find(1, { id: 'brief', milliseconds: 1 }))).toBe(1);
  });
});

const MINUTE_MS = 60_000;

describe('results in a cache that is recorded itself', () => {
  const opened: DataSource[] = [];
  afterAll(async () => {
    for (const dataSource of opened) await dataSource.destroy();
  });

  async function open(cache: Cache) {
    const dataSource = new DataSource({
      type: 'sqljs',
      entities: [Stamp],
      synchronize: true,
      cache: { provider: queryLensResultCache(cache) },
    });
    opened.push(await dataSource.initialize());
    await dataSource.getRepository(Stamp).save({ id: 1, name: 'Florin' });
    const units = new ObservedUnits(dataSource);
    instrumentCache(cache, units.context, 'default');
    const find = () =>
      dataSource.getRepository(Stamp).find({ cache: { id: 'stamps', milliseconds: MINUTE_MS } });
    const accesses = async (work: () => Promise<unknown>) => (await units.run(work)).analysed.unit.caches;
    return { dataSource, find, accesses };
  }

  it('are counted once, with the tier that answered', async () => {
    const [near, far] = [new Keyv(), new Keyv()];
    const { find, accesses } = await open(createCache({ stores: [near, far] }));
    const seen = await accesses(async () => {
      await find();
      await find();
      await near.clear();
      await find();
    });
    expect(seen.map(({ cache, operation, outcome, tier }) => [cache, operation, outcome, tier])).toEqual([
      ['typeorm:default', 'get', 'miss', 'provider'],
      ['typeorm:default', 'set', 'set', 'provider'],
      ['typeorm:default', 'get', 'hit', 'primary'],
      ['typeorm:default', 'get', 'hit', 'secondary:0'],
    ]);
  });

  it('keep what their store swallows', async () => {
    const fail = () => Promise.reject(new Error('ECONNREFUSED'));
    const broken = new Keyv({ store: { get: fail, set: fail, delete: fail, clear: fail } });
    const { find, accesses } = await open(createCache({ stores: [broken] }));
    const seen = await accesses(async () => {
      expect(await find()).toEqual([{ id: 1, name: 'Florin' }]);
    });
    expect(
      seen.map(({ cache, operation, outcome, error }) => [cache, operation, outcome, error?.message]),
    ).toEqual([
      ['typeorm:default', 'get', 'failure', 'ECONNREFUSED'],
      ['typeorm:default', 'set', 'failure', 'ECONNREFUSED'],
    ]);
  });

  it('do not hide what a statement of theirs has nothing to do with', async () => {
    const cache = createCache();
    const { find, accesses } = await open(cache);
    const seen = await accesses(() => cache.wrap('page', find));
    expect(seen.map(({ cache: name, operation }) => [name, operation])).toEqual([
      ['default', 'wrap'],
      ['typeorm:default', 'get'],
      ['typeorm:default', 'set'],
    ]);
  });
});

describe('clear() with a tier in memory before a shared one', () => {
  /** Processes that share one store and have one of their own. */
  async function processOn(shared: Map<string, unknown>) {
    const reads: string[] = [];
    const far = new Keyv({ store: shared });
    const { get } = far;
    far.get = ((key: never) => {
      reads.push(key);
      return get.call(far, key);
    }) as never;
    const provider = queryLensResultCache(createCache({ stores: [new Keyv(), far] }))();
    const options = { identifier: 'stamps', query: 'SELECT 1', duration: MINUTE_MS };
    const store = () => provider.storeInCache({ ...options, time: Date.now(), result: '[]' });
    const found = async () => (await provider.getFromCache(options)) !== undefined;
    return { provider, store, found, reads };
  }

  it('is seen by other processes, though they have results in their memory', async () => {
    const shared = new Map<string, unknown>();
    const [one, other] = [await processOn(shared), await processOn(shared)];
    // The second time the mark of the first is in the memory of the process that made it.
    for (const [clearing, reading] of [
      [one, other],
      [other, one],
    ] as const) {
      await reading.store();
      await until(reading.found);
      await clearing.provider.clear();
      expect(await clearing.found()).toBe(false);
      await until(async () => !(await reading.found()));
    }
  });

  it('does not cost a question of the shared store for each result', async () => {
    const process = await processOn(new Map());
    await process.store();
    process.reads.length = 0;
    for (let time = 0; time < 100; time++) expect(await process.found()).toBe(true);
    expect(process.reads.length).toBeLessThan(100);
  });
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came true');
}

describeOn(['postgres'], (database) => {
  it('take no second connection: a pool of one is enough', async () => {
    const cache = createCache({ stores: [new Keyv()] });
    const dataSource = await database.open({
      entities: [Stamp],
      cache: { provider: queryLensResultCache(cache) },
      poolSize: 1,
      extra: { connectionTimeoutMillis: 30_000 },
    });
    const units = new ObservedUnits(dataSource);
    const undo = instrumentCache(cache, units.context);
    const read = () => dataSource.getRepository(Stamp).find({ cache: { id: 'coins', milliseconds: 60_000 } });
    const { findings } = await units.run(() => Promise.all([read(), read(), read()]));
    undo();
    units.stop();
    expect(units.failure).toBeUndefined();
    expect(findings.filter(({ kind }) => kind === 'cache-failure')).toEqual([]);
  });
});
