import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCache } from 'cache-manager';
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

describeOn(['postgres'], (database) => {
  it('take no second connection: a pool of one is enough', async () => {
    const cache = createCache({ stores: [new Keyv()] });
    const dataSource = await database.open({
      entities: [Stamp],
      cache: { provider: queryLensResultCache(cache) },
      poolSize: 1,
      extra: { connectionTimeoutMillis: 2_000 },
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
