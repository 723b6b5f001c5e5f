import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import * as typeorm03 from 'typeorm-0.3';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { Stamp } from './stamp.entity.js';

const versions = [
  ['TypeORM 1.x', DataSource],
  ['TypeORM 0.3', typeorm03.DataSource as unknown as typeof DataSource],
] as const;

const brief = ({ operation, outcome, pattern, tier }: CacheRecord) =>
  `${operation} ${pattern} ${outcome} ${tier ?? ''}`;

describe.each(versions)('the result cache of %s', (_version, Source) => {
  let dataSource: DataSource;
  let units: ObservedUnits;

  beforeAll(async () => {
    dataSource = new Source({ type: 'sqljs', entities: [Stamp], synchronize: true, cache: true });
    await dataSource.initialize();
    await dataSource.getRepository(Stamp).save([
      { id: 1, name: 'Penny Black' },
      { id: 2, name: 'Inverted Jenny' },
    ]);
  });
  beforeEach(() => {
    units = new ObservedUnits(dataSource);
  });
  afterEach(() => {
    units.stop();
  });
  afterAll(() => dataSource.destroy());

  const named = (id: number, cacheId?: string, milliseconds = 60_000) =>
    dataSource
      .getRepository(Stamp)
      .createQueryBuilder('stamp')
      .where('stamp.id = :id', { id })
      .cache(...((cacheId === undefined ? [milliseconds] : [cacheId, milliseconds]) as [number]))
      .getMany();

  it('tells misses, what is stored, and hits; and what the miss had to ask', async () => {
    const { analysed } = await units.run(async () => {
      await named(1, 'stamp-1');
      await named(1, 'stamp-1');
    });
    expect(analysed.unit.caches.map(brief)).toEqual([
      'get stamp-* miss database',
      'set stamp-* set database',
      'get stamp-* hit database',
    ]);
    expect(analysed.unit.caches[1]).toMatchObject({
      cache: 'typeorm:default',
      ttlMs: 60_000,
      via: 'typeorm',
    });
    const own = analysed.queries.filter(({ record }) => record.isOfResultCache !== true);
    expect(own).toHaveLength(1);
  });

  it('folds a statement without an identifier to what it reads', async () => {
    const { analysed } = await units.run(() => named(7));
    expect(analysed.unit.caches.map(({ pattern }) => pattern)).toEqual(['SELECT stamp', 'SELECT stamp']);
  });

  it('tells a result that has expired', async () => {
    await named(1, 'short', 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { analysed } = await units.run(() => named(1, 'short', 1));
    expect(analysed.unit.caches[0]).toMatchObject({ operation: 'get', outcome: 'stale', found: 0 });
  });

  it('finds that one identifier served the rows of another statement', async () => {
    const { findings } = await units.run(async () => {
      await named(1, 'stamps');
      const [wrong] = await named(2, 'stamps');
      expect(wrong?.name).toBe('Penny Black');
    });
    expect(findings.filter(({ kind }) => kind === 'cache-id-collision')).toMatchObject([
      {
        severity: 'error',
        cacheKey: 'typeorm:default stamps',
        evidence: { facts: { isSameStatement: true, identifier: 'stamps', outcome: 'hit' } },
      },
    ]);
  });

  it('is silent where one statement uses its identifier again', async () => {
    const { findings } = await units.run(async () => {
      await named(1, 'first');
      await named(1, 'first');
      await named(2, 'second');
    });
    expect(findings).toEqual([]);
  });

  it('sees what is removed', async () => {
    const { analysed } = await units.run(
      () => dataSource.queryResultCache?.remove(['stamp-1']) ?? Promise.resolve(),
    );
    expect(analysed.unit.caches.map(brief)).toEqual(['del stamp-* delete database']);
  });
});

describeOn(['postgres'], (database) => {
  it('waits for itself with a pool of one: reproduced, and reported for what it is', async () => {
    const dataSource = await database.open({
      entities: [Stamp],
      cache: true,
      poolSize: 1,
      extra: { connectionTimeoutMillis: 60_000, idleTimeoutMillis: 0 },
    });
    // Only now: the one connection is there, however long it took to open.
    const { master } = dataSource.driver as unknown as { master: { options: object } };
    Object.assign(master.options, { connectionTimeoutMillis: 500 });
    const units = new ObservedUnits(dataSource);
    const { findings, analysed } = await units.run(() =>
      dataSource.getRepository(Stamp).find({ cache: { id: 'stamps', milliseconds: 60_000 } }),
    );
    units.stop();
    expect(units.failure?.message).toMatch(/timeout/);
    expect(analysed.unit.caches.map(brief)).toEqual([
      'get stamps miss database',
      'set stamps failure database',
    ]);
    // One cause, one finding: neither the statement that was never sent nor the pool is to blame.
    expect(findings.map(({ kind }) => kind)).toEqual(['cache-failure']);
    const [finding] = findings;
    expect(finding).toMatchObject({ severity: 'error', cacheKey: 'typeorm:default stamps' });
    expect(finding?.title).toBe(
      "TypeORM's result cache waited for a connection while its own query held one (typeorm:default)",
    );
    expect(finding?.advice.code).toContain('queryLensResultCache');
  });
});
