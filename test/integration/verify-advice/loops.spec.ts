import '../capture/older-storage-first.js';
import { describe, expect, it } from '@jest/globals';
import { Brackets, type FindManyOptions, type SelectQueryBuilder } from 'typeorm';
import type { Finding } from '../../../lib/analysis/finding.js';
import { describeTrials } from './describe-trials.js';
import { summary, tryAll } from './verified.js';
import {
  fillShelves,
  Label,
  Page,
  Poster,
  Shelf,
  shelfEntities,
  Sticker,
  Volume,
} from './shelves.entities.js';

/** Counts, first rows and query builders in a loop: what is asked for all keys at once gives what each call gave. */
describeTrials({ entities: shelfEntities, fill: fillShelves }, ({ set, tried }) => {
  const ofEachShelf = (work: (id: number) => Promise<unknown>) =>
    tried(async () => {
      for (const { id } of await set.dataSource.manager.find(Shelf)) await work(id);
    });
  const volumes = () => set.dataSource.manager.createQueryBuilder(Volume, 'v');

  describe('a count for each row', () => {
    const counts = 'count-per-row Shelf.volumes: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 4 counts';

    it.each<[string, (id: number) => Promise<unknown>]>([
      ['by its key', (shelfId) => set.dataSource.manager.countBy(Volume, { shelfId })],
      ['through the relation', (id) => set.dataSource.manager.countBy(Volume, { shelf: { id } })],
      ['of a query builder', (id) => volumes().where('v.shelfId = :id', { id }).getCount()],
      [
        'of a page of a query builder, which counts all',
        (id) => volumes().where({ shelfId: id }).orderBy('v.title').take(1).getCount(),
      ],
    ])('%s', async (_, count) => {
      expect(await ofEachShelf(count)).toEqual([counts]);
    });

    it('with a condition that some rows do not meet', async () => {
      const { manager } = set.dataSource;
      const found = await ofEachShelf((shelfId) => manager.countBy(Volume, { shelfId, title: 'volume 5' }));
      expect(found).toEqual([
        'count-per-row Shelf.volumes: 5 statements, 8 rows, 1 ms -> 2 statements, 5 rows, 0.6 ms, same 4 counts',
      ]);
    });

    it('an existence test', async () => {
      const { manager } = set.dataSource;
      const found = await ofEachShelf((id) => manager.exists(Volume, { where: { shelfId: id, id: 5 } }));
      expect(found).toEqual([
        'count-per-row Shelf.volumes: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 4 existence tests',
      ]);
    });

    it('of a class with an order, as the advice writes it', async () => {
      const { manager } = set.dataSource;
      const analysis = await set.units.run(async () => {
        for (const { id } of await manager.find(Shelf)) await manager.countBy(Sticker, { shelf: { id } });
      });
      const [{ advice }] = analysis.findings as [Finding];
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the advice is code: running it is the test
      const paste = new Function('stickerRepository', 'ids', `return ${advice.code ?? ''}`) as (
        ...names: unknown[]
      ) => Promise<{ key: number; count: unknown }[]>;
      const counts = await paste(manager.getRepository(Sticker), [1, 2]);
      expect(counts.map(({ key, count }) => [key, Number(count)])).toEqual([
        [1, 3],
        [2, 3],
      ]);
      expect((await tryAll(analysis, set.dataSource)).map(summary)).toEqual([
        'count-per-row Shelf.stickers: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 4 counts',
      ]);
    });

    it('for raw rows', async () => {
      const found = await tried(async () => {
        const query = set.dataSource.manager.createQueryBuilder(Poster, 'p').select('p.code', 'code');
        for (const { code } of await query.getRawMany<{ code: string }>())
          await set.dataSource.manager.countBy(Label, { code });
      });
      expect(found).toEqual([
        'count-per-row Label by code: 4 statements, 1 ms -> 1 statement, 0.6 ms, same 4 counts',
      ]);
    });

    it.each<[string, (id: number) => Promise<unknown>, string]>([
      [
        'of removed rows',
        (shelfId) => set.dataSource.manager.count(Volume, { where: { shelfId }, withDeleted: true }),
        'it counts removed rows, which has to be said in the query by hand',
      ],
      [
        'of joined rows',
        (id) => volumes().innerJoin('v.pages', 'p').where('v.shelfId = :id', { id }).getCount(),
        'it joins more than its key, which has to be written by hand',
      ],
      [
        'of raw SQL',
        (id) => set.dataSource.query(`SELECT COUNT(*) AS n FROM volume WHERE ${quoted('shelfId')} = ${id}`),
        'its counts were not kept: only count*(), getCount() and exists*() that lock no rows can be run again',
      ],
    ])('%s is not tried, and says why', async (_, count, whyNot) => {
      expect(await ofEachShelf(count)).toEqual([`count-per-row Shelf.volumes: untried, ${whyNot}`]);
    });
  });

  describe('the first rows of each parent', () => {
    const find = (options: FindManyOptions<Volume>) => set.dataSource.manager.find(Volume, options);

    it.each<[string, number, (id: number) => Promise<unknown>]>([
      ['take', 8, (shelfId) => find({ where: { shelfId }, order: { title: 'DESC' }, take: 1 })],
      [
        'take without an order',
        8,
        (shelfId) => find({ where: { shelfId }, withDeleted: false, take: 1, skip: 1 }),
      ],
      [
        'skip and take',
        8,
        (shelfId) => find({ where: { shelfId }, order: { id: 'DESC' }, skip: 1, take: 1 }),
      ],
      [
        'removed rows as well',
        12,
        (shelfId) => find({ where: { shelfId }, order: { id: 'ASC' }, take: 2, withDeleted: true }),
      ],
      [
        'findOne',
        8,
        (shelfId) => set.dataSource.manager.findOne(Volume, { where: { shelfId }, order: { id: 'DESC' } }),
      ],
      [
        'limit of a query builder',
        8,
        (id) => volumes().where('v.shelfId = :id', { id }).orderBy('v.id', 'DESC').limit(1).getMany(),
      ],
    ])('%s', async (_, entities, read) => {
      expect(await ofEachShelf(read)).toEqual([
        `n-plus-one Shelf.volumes: 5 statements, 1 ms -> 2 statements, 0.6 ms, same ${entities} entities`,
      ]);
    });

    it('by a foreign key without a property of its own, as the advice writes it', async () => {
      const { manager } = set.dataSource;
      const each: Sticker[] = [];
      const analysis = await set.units.run(async () => {
        for (const { id } of await manager.find(Shelf))
          each.push(
            ...(await manager.find(Sticker, { where: { shelf: { id } }, order: { size: 'DESC' }, take: 2 })),
          );
      });
      const [{ advice }] = analysis.findings as [Finding];
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the advice is code: running it is the test
      const paste = new Function('stickerRepository', 'Sticker', 'ids', `return ${advice.code ?? ''}`) as (
        ...names: unknown[]
      ) => Promise<Sticker[]>;
      const found = await paste(manager.getRepository(Sticker), Sticker, [1, 2, 3, 4]);
      const byId = (rows: Sticker[]) => [...rows].sort((a, b) => a.id - b.id);
      expect(byId(found)).toEqual(byId(each));
      expect(found).toHaveLength(8);
      expect((await tryAll(analysis, set.dataSource)).map(summary)).toEqual([
        'n-plus-one Shelf.stickers: 9 statements, 20 rows, 1 ms -> 2 statements, 12 rows, 0.6 ms, same 12 entities',
      ]);
    });

    it('joined to what has to stay joined is not tried, and says why', async () => {
      const read = (id: number) =>
        volumes()
          .innerJoin('v.pages', 'p')
          .where('v.shelfId = :id', { id })
          .orderBy('v.id')
          .limit(1)
          .getMany();
      expect(await ofEachShelf(read)).toEqual([
        'n-plus-one Shelf.volumes: untried, what is joined to the ranked rows has to be written by hand',
      ]);
    });
  });

  describe('a loop of query builders', () => {
    const ofEachCode = (
      change: (query: SelectQueryBuilder<Label>, code: string) => SelectQueryBuilder<Label>,
    ) =>
      tried(async () => {
        const { manager } = set.dataSource;
        for (const { code } of await manager.find(Poster))
          await change(manager.createQueryBuilder(Label, 'l'), code).getMany();
      });
    const one = (entities: number) =>
      `n-plus-one Label by code: 5 statements, 1 ms -> 2 statements, 0.6 ms, same ${entities} entities`;

    it.each<[string, number, Parameters<typeof ofEachCode>[0]]>([
      ['a condition in text', 16, (query, code) => query.where('l.code = :code', { code })],
      ['a condition in an object', 16, (query, code) => query.where({ code })],
      [
        'brackets, and a further condition',
        12,
        (query, code) =>
          query
            .where('l.isNew = :isNew', { isNew: true })
            .andWhere(new Brackets((inner) => inner.where('l.code = :code', { code }))),
      ],
      ['an order', 16, (query, code) => query.where('l.code = :code', { code }).orderBy('l.id', 'DESC')],
    ])('%s', async (_, entities, change) => {
      expect(await ofEachCode(change)).toEqual([one(entities)]);
    });

    it.each<[string, Parameters<typeof ofEachCode>[0], string]>([
      [
        'the value stands in the text',
        (query, code) => query.where(`l.code = '${code}'`),
        'the calls of the loop differ in more than their key',
      ],
      [
        'the key stands in two conditions',
        (query, code) => query.where('l.code = :code AND l.code >= :code', { code }),
        'the key of the loop stands in more than one condition',
      ],
      [
        'two values differ',
        (query, code) => query.where('l.code = :code AND l.code <> :not', { code, not: `${code}!` }),
        'the calls of the loop differ in more than one value, or in none',
      ],
      [
        'the key is compared within an expression',
        (query, code) => query.where('l.code = :code AND 1 = 1', { code }).select(['l.id']),
        'its rows do not say whose they are: the key is not among what it selects',
      ],
    ])('%s: not tried, and says why', async (_, change, whyNot) => {
      expect(await ofEachCode(change)).toEqual([`n-plus-one Label by code: untried, ${whyNot}`]);
    });

    it('of a relation that leaves out what it reads: one query builder instead', async () => {
      const found = await ofEachShelf((id) =>
        volumes().withDeleted().where('v.shelfId = :id', { id }).getMany(),
      );
      expect(found).toEqual([
        expect.stringMatching(
          /^n-plus-one Shelf\.volumes: 5 .* -> 2 statements, .* same 16 entities; instead:/,
        ),
      ]);
    });

    it('of a relation without a key of its own among the columns', async () => {
      const found = await tried(async () => {
        const { manager } = set.dataSource;
        for (const { id } of await manager.find(Volume))
          await manager.createQueryBuilder(Page, 'p').where('p.volume = :id', { id }).getMany();
      });
      expect(found).toEqual([
        expect.stringMatching(/^n-plus-one Volume\.pages: 9 statements, .* same 24 entities$/),
      ]);
    });
  });

  function quoted(name: string): string {
    return set.dataSource.driver.escape(name);
  }
});
