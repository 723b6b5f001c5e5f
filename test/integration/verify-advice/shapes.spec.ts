import '../capture/older-storage-first.js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { In, type DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { describeTrials } from './describe-trials.js';
import {
  fillShelves,
  Label,
  Note,
  numbers,
  Poster,
  Shelf,
  shelfEntities,
  Volume,
} from './shelves.entities.js';
import { summary, tryAll } from './verified.js';

describeTrials({ entities: shelfEntities, fill: fillShelves }, ({ set, tried, database, typeOrm }) => {
  it('a list with a condition, an order and a page', async () => {
    const found = await tried(async () => {
      const shelves = await set.dataSource.manager.find(Shelf, {
        where: { id: In([1, 2, 3, 4]) },
        order: { label: 'DESC', id: 'ASC' },
        take: 3,
      });
      for (const shelf of shelves) await shelf.volumes;
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 2 statements, 0.6 ms, same 9 entities',
    ]);
  });

  it('a query builder', async () => {
    const found = await tried(async () => {
      const shelves = await set.dataSource.manager
        .createQueryBuilder(Shelf, 's')
        .where('s.id > :least', { least: 1 })
        .orderBy('s.id', 'DESC')
        .getMany();
      for (const shelf of shelves) await shelf.volumes;
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 1 statement, 0.6 ms, same 9 entities',
    ]);
  });

  it('two levels of a loop, each at its depth', async () => {
    const found = await tried(async () => {
      for (const shelf of await set.dataSource.manager.find(Shelf))
        for (const volume of await shelf.volumes) await volume.pages;
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 1 statement, 0.6 ms, same 12 entities',
      'n-plus-one Volume.pages: 13 statements, 28 rows, 1 ms -> 1 statement, 16 rows, 0.6 ms, same 28 entities',
    ]);
  });

  it('a loop below a relation that was joined', async () => {
    const found = await tried(async () => {
      const shelves = await set.dataSource.manager.find(Shelf, { relations: { volumes: true } });
      for (const shelf of shelves) for (const volume of await shelf.volumes) await volume.pages;
    });
    expect(found).toEqual([
      'n-plus-one Volume.pages: 9 statements, 1 ms -> 1 statement, 0.6 ms, same 28 entities',
    ]);
  });

  it('a loop over the first parents only', async () => {
    const found = await tried(async () => {
      const shelves = await set.dataSource.manager.find(Shelf, { order: { id: 'ASC' } });
      for (const shelf of shelves.slice(0, 3)) await shelf.volumes;
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 1 statement, 0.6 ms, same 10 entities',
    ]);
  });

  it('a loop by hand with an order of its own', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      for (const { id } of await manager.find(Shelf))
        await manager.find(Volume, { where: { shelfId: id }, order: { title: 'DESC' } });
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 1 statement, 0.6 ms, same 12 entities',
    ]);
  });

  it('a loop by hand that reads what a relation leaves out: all keys in one call instead', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      for (const { id } of await manager.find(Shelf))
        await manager.find(Volume, { where: { shelfId: id }, withDeleted: true });
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 16 entities; instead: volumeRepository.find({ where: { shelfId: In(ids) }, withDeleted: true })',
    ]);
  });

  it('a GraphQL field: one statement for all parents', async () => {
    const found = await tried(async () => {
      const shelves = await set.dataSource.manager.find(Shelf);
      for (const shelf of shelves)
        await set.units.context.withinField('shelves.volumes', () => shelf.volumes);
    });
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 12 entities',
    ]);
  });

  it('two collections joined side by side', async () => {
    const found = await tried(() =>
      set.dataSource.manager.find(Shelf, { relations: { notes: true, marks: true }, order: { id: 'DESC' } }),
    );
    expect(found).toEqual([
      'cartesian-product Shelf.notes: 1 statement, 256 rows, 1 ms -> 5 statements, 132 rows, 0.6 ms, same 68 entities',
    ]);
  });

  it('a relation that came with its parents and was read again by hand', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      const shelves = await manager.find(Shelf, { relations: { notes: true } });
      for (const { id } of shelves) await manager.findBy(Note, { shelfId: id });
    });
    expect(found).toEqual([
      'double-load Shelf.notes: 5 statements, 64 rows, 1 ms -> 1 statement, 32 rows, 0.6 ms, same 36 entities',
    ]);
  });

  it('what locks rows is never run again', async () => {
    if (database.dialect === 'sqlite') return;
    const found = await tried(() =>
      set.dataSource.transaction(async (manager) => {
        const shelves = await manager.find(Shelf, { lock: { mode: 'pessimistic_write' } });
        for (const shelf of shelves) await shelf.volumes;
      }),
    );
    expect(found).toEqual([
      'n-plus-one Shelf.volumes: untried, its loads were not kept: only find*() and query builders that make entities and lock no rows can be run again',
    ]);
  });

  it('rows that are gone prove nothing', async () => {
    await set.dataSource.manager.insert(
      Shelf,
      numbers(3, 50).map((id) => ({ id, label: 'soon gone' })),
    );
    const analysis = await set.units.run(async () => {
      const shelves = await set.dataSource.manager.findBy(Shelf, { label: 'soon gone' });
      for (const shelf of shelves) await shelf.volumes;
    });
    await set.dataSource.manager.delete(Shelf, numbers(3, 50));
    expect((await tryAll(analysis, set.dataSource)).map(summary)).toEqual([
      'n-plus-one Shelf.volumes: untried, run again, the load found nothing',
    ]);
  });

  it('two collections joined in a query builder: all but one beside it', async () => {
    const found = await tried(() =>
      set.dataSource.manager
        .createQueryBuilder(Shelf, 's')
        .leftJoinAndSelect('s.notes', 'n')
        .leftJoinAndSelect('s.marks', 'm')
        .orderBy('s.id')
        .getMany(),
    );
    expect(found).toEqual([
      "cartesian-product Shelf.notes: 1 statement, 256 rows, 1 ms -> 2 statements, 64 rows, 0.6 ms, same 68 entities; instead: const marks = await createRelationLoader(dataSource, Shelf, 'marks').loadMany(shelfs)",
    ]);
  });

  it('a query builder whose condition needs both of its collections', async () => {
    const found = await tried(() =>
      set.dataSource.manager
        .createQueryBuilder(Shelf, 's')
        .leftJoinAndSelect('s.notes', 'n')
        .leftJoinAndSelect('s.marks', 'm')
        .where('m.id > :least', { least: 0 })
        .getMany(),
    );
    expect(found).toEqual([
      'cartesian-product Shelf.notes: untried, its condition or order names m, so the join has to stay',
    ]);
  });

  it('a loop by hand over keys that no relation knows', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      for (const { code } of await manager.find(Poster))
        await manager.find(Label, { where: { code, isNew: true }, order: { id: 'ASC' } });
    });
    expect(found).toEqual([
      'n-plus-one Label by code: 5 statements, 1 ms -> 2 statements, 0.6 ms, same 12 entities',
    ]);
  });

  it('a loop by hand over raw rows', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      const rows = await manager
        .createQueryBuilder(Poster, 'p')
        .select('p.code', 'code')
        .getRawMany<{ code: string }>();
      for (const { code } of rows) await manager.findBy(Label, { code });
    });
    expect(found).toEqual([
      'n-plus-one Label by code: 4 statements, 1 ms -> 1 statement, 0.6 ms, same 8 entities',
    ]);
  });

  it('a loop by hand that takes one row of several', async () => {
    const found = await tried(async () => {
      const { manager } = set.dataSource;
      for (const { code } of await manager.find(Poster)) await manager.findOneBy(Label, { code });
    });
    expect(found).toEqual([
      'n-plus-one Label by code: withdrawn, The usual advice was tried on the same data, and did not give the same entities: 8 instead of 4 Label.',
    ]);
  });

  it('an eager relation that TypeORM loads a second time', async () => {
    const found = await tried(() =>
      set.dataSource.manager.find(Poster, { relations: { shelf: true }, relationLoadStrategy: 'query' }),
    );
    expect(found).toEqual(
      typeOrm === '0.3'
        ? [
            'double-load Poster.shelf: 2 statements, 8 rows, 1 ms -> 1 statement, 4 rows, 0.6 ms, same 8 entities',
          ]
        : [],
    );
  });

  it.each([
    ['rows', { maxRows: 3 }, 'it reads more rows than verifyAdvice.maxRows'],
    ['statements', { maxStatements: 2 }, 'it sends more statements than are run again'],
  ])('too many %s are given up', async (_, options, message) => {
    const loop = async () => {
      for (const shelf of await set.dataSource.manager.find(Shelf)) await shelf.volumes;
    };
    expect(await tried(loop, options)).toEqual([`n-plus-one Shelf.volumes: untried, ${message}`]);
  });
});

describeOn(['sqljs', 'better-sqlite3'], (database) => {
  let dataSource: DataSource;
  let units: ObservedUnits;

  beforeAll(async () => {
    dataSource = await database.open({ entities: shelfEntities });
    await fillShelves(dataSource);
    units = new ObservedUnits(dataSource, { keepsReplays: true });
  });
  afterAll(() => {
    units.stop();
  });

  const loop = () =>
    units.run(async () => {
      for (const shelf of await dataSource.manager.find(Shelf)) await shelf.volumes;
    });

  it('reads nothing while the application has a transaction open on the only connection', async () => {
    const analysis = await loop();
    await dataSource.transaction(async (manager) => {
      await manager.update(Shelf, { id: 1 }, { label: 'changed' });
      expect((await tryAll(analysis, dataSource)).map(summary)).toEqual([
        'n-plus-one Shelf.volumes: untried, the application had a transaction open on its only connection',
      ]);
    });
    expect((await tryAll(analysis, dataSource)).map(({ verification }) => verification?.kind)).toEqual([
      'confirmed',
    ]);
  });

  it('believes nothing that was read while the application wrote', async () => {
    const analysis = await loop();
    const trying = tryAll(analysis, dataSource);
    await dataSource.manager.update(Shelf, { id: 1 }, { label: 'changed again' });
    expect((await trying).map(summary)).toEqual([
      'n-plus-one Shelf.volumes: untried, the application wrote meanwhile',
    ]);
  });
});
