import '../capture/older-storage-first.js';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  Column,
  DeleteDateColumn,
  Entity,
  In,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type DataSource,
} from 'typeorm';
import { describeOn } from '../../databases.js';
import { withBothVersions } from '../batching/both-versions.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { summary, tryAll } from './verified.js';

@Entity()
class Shelf {
  @PrimaryColumn() id: number;
  @Column() label: string;
  @Column({ select: false, nullable: true }) secret: string;
  @OneToMany(() => Volume, (volume) => volume.shelf) volumes: Promise<Volume[]>;
  @OneToMany(() => Note, (note) => note.shelf) notes: Note[];
  @OneToMany(() => Mark, (mark) => mark.shelf) marks: Mark[];
}

@Entity()
class Volume {
  @PrimaryColumn() id: number;
  @Column() title: string;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.volumes) shelf: Promise<Shelf>;
  @OneToMany(() => Page, (page) => page.volume) pages: Promise<Page[]>;
  @DeleteDateColumn() removedAt: Date | null;
}

@Entity()
class Page {
  @PrimaryColumn() id: number;
  @Column() volumeId: number;
  @ManyToOne(() => Volume, (volume) => volume.pages) volume: Promise<Volume>;
}

@Entity()
class Note {
  @PrimaryColumn() id: number;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.notes) shelf: Shelf;
}

@Entity()
class Mark {
  @PrimaryColumn() id: number;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.marks) shelf: Shelf;
}

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, at) => at + from);

/** Four shelves of three volumes (one of them removed), of two pages each; eight notes and eight marks for each shelf. */
async function fill({ manager }: DataSource): Promise<void> {
  await manager.insert(
    Shelf,
    numbers(4).map((id) => ({ id, label: `shelf ${id % 2}`, secret: 'hidden' })),
  );
  const volumes = numbers(12).map((id) => ({ id, title: `volume ${id}`, shelfId: ((id - 1) % 4) + 1 }));
  await manager.insert(Volume, volumes);
  await manager.softDelete(Volume, { id: In([1, 2, 3, 4]) });
  await manager.insert(
    Page,
    numbers(24).map((id) => ({ id, volumeId: ((id - 1) % 12) + 1 })),
  );
  const ofShelf = numbers(32).map((id) => ({ id, shelfId: ((id - 1) % 4) + 1 }));
  await manager.insert(Note, ofShelf);
  await manager.insert(Mark, ofShelf);
}

describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
  withBothVersions(database, (open) => {
    let dataSource: DataSource;
    let units: ObservedUnits;

    beforeAll(async () => {
      dataSource = await open({ entities: [Shelf, Volume, Page, Note, Mark] });
      await fill(dataSource);
      units = new ObservedUnits(dataSource, { keepsReplays: true });
    });
    afterAll(async () => {
      units.stop();
      await dataSource.destroy();
      expect(units.failures).toEqual([]);
    });

    const tried = async (work: () => Promise<unknown>, options = {}) => {
      const analysis = await units.run(work);
      if (units.failure !== undefined) throw units.failure;
      return (await tryAll(analysis, dataSource, options)).map(summary).sort();
    };

    it('a list with a condition, an order and a page', async () => {
      const found = await tried(async () => {
        const shelves = await dataSource.manager.find(Shelf, {
          where: { id: In([1, 2, 3, 4]) },
          order: { label: 'DESC', id: 'ASC' },
          take: 3,
        });
        for (const shelf of shelves) await shelf.volumes;
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 2 statements, 1 ms, same 9 entities',
      ]);
    });

    it('a query builder', async () => {
      const found = await tried(async () => {
        const shelves = await dataSource.manager
          .createQueryBuilder(Shelf, 's')
          .where('s.id > :least', { least: 1 })
          .orderBy('s.id', 'DESC')
          .getMany();
        for (const shelf of shelves) await shelf.volumes;
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 1 statement, 1 ms, same 9 entities',
      ]);
    });

    it('two levels of a loop, each at its depth', async () => {
      const found = await tried(async () => {
        for (const shelf of await dataSource.manager.find(Shelf))
          for (const volume of await shelf.volumes) await volume.pages;
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 1 statement, 1 ms, same 12 entities',
        'n-plus-one Volume.pages: 13 statements, 28 rows, 1 ms -> 1 statement, 16 rows, 1 ms, same 28 entities',
      ]);
    });

    it('a loop below a relation that was joined', async () => {
      const found = await tried(async () => {
        const shelves = await dataSource.manager.find(Shelf, { relations: { volumes: true } });
        for (const shelf of shelves) for (const volume of await shelf.volumes) await volume.pages;
      });
      expect(found).toEqual([
        'n-plus-one Volume.pages: 9 statements, 1 ms -> 1 statement, 1 ms, same 28 entities',
      ]);
    });

    it('a loop over the first parents only', async () => {
      const found = await tried(async () => {
        const shelves = await dataSource.manager.find(Shelf, { order: { id: 'ASC' } });
        for (const shelf of shelves.slice(0, 3)) await shelf.volumes;
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 4 statements, 1 ms -> 1 statement, 1 ms, same 10 entities',
      ]);
    });

    it('a loop by hand with an order of its own', async () => {
      const found = await tried(async () => {
        const { manager } = dataSource;
        for (const { id } of await manager.find(Shelf))
          await manager.find(Volume, { where: { shelfId: id }, order: { title: 'DESC' } });
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 1 statement, 1 ms, same 12 entities',
      ]);
    });

    it('a loop by hand that reads what a relation leaves out: the advice is withdrawn', async () => {
      const found = await tried(async () => {
        const { manager } = dataSource;
        for (const { id } of await manager.find(Shelf))
          await manager.find(Volume, { where: { shelfId: id }, withDeleted: true });
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: withdrawn, The usual advice was tried on the same data, and did not give the same entities: other Volume.',
      ]);
    });

    it('a GraphQL field: one statement for all parents', async () => {
      const found = await tried(async () => {
        const shelves = await dataSource.manager.find(Shelf);
        for (const shelf of shelves) await units.context.withinField('shelves.volumes', () => shelf.volumes);
      });
      expect(found).toEqual([
        'n-plus-one Shelf.volumes: 5 statements, 1 ms -> 2 statements, 1 ms, same 12 entities',
      ]);
    });

    it('two collections joined side by side', async () => {
      const found = await tried(() =>
        dataSource.manager.find(Shelf, { relations: { notes: true, marks: true }, order: { id: 'DESC' } }),
      );
      expect(found).toEqual([
        'cartesian-product Shelf.notes: 1 statement, 256 rows, 1 ms -> 5 statements, 132 rows, 1 ms, same 68 entities',
      ]);
    });

    it('a relation that came with its parents and was read again by hand', async () => {
      const found = await tried(async () => {
        const { manager } = dataSource;
        const shelves = await manager.find(Shelf, { relations: { notes: true } });
        for (const { id } of shelves) await manager.findBy(Note, { shelfId: id });
      });
      expect(found).toEqual([
        'double-load Shelf.notes: 5 statements, 64 rows, 1 ms -> 1 statement, 32 rows, 1 ms, same 36 entities',
      ]);
    });

    it('what locks rows is never run again', async () => {
      if (database.dialect === 'sqlite') return;
      const found = await tried(() =>
        dataSource.transaction(async (manager) => {
          const shelves = await manager.find(Shelf, { lock: { mode: 'pessimistic_write' } });
          for (const shelf of shelves) await shelf.volumes;
        }),
      );
      expect(found).toEqual(['n-plus-one Shelf.volumes: nothing to try']);
    });

    it('rows that are gone prove nothing', async () => {
      await dataSource.manager.insert(
        Shelf,
        numbers(3, 50).map((id) => ({ id, label: 'soon gone' })),
      );
      const analysis = await units.run(async () => {
        const shelves = await dataSource.manager.findBy(Shelf, { label: 'soon gone' });
        for (const shelf of shelves) await shelf.volumes;
      });
      await dataSource.manager.delete(Shelf, numbers(3, 50));
      expect((await tryAll(analysis, dataSource)).map(summary)).toEqual([
        'n-plus-one Shelf.volumes: untried, run again, the load found nothing',
      ]);
    });

    it.each([
      ['rows', { maxRows: 3 }, 'it reads more than 3 rows'],
      ['statements', { maxStatements: 2 }, 'it sends more than 2 statements'],
    ])('too many %s are given up', async (_, options, message) => {
      const loop = async () => {
        for (const shelf of await dataSource.manager.find(Shelf)) await shelf.volumes;
      };
      await expect(tried(loop, options)).rejects.toThrow(message);
    });
  });
});

describeOn(['sqljs', 'better-sqlite3'], (database) => {
  let dataSource: DataSource;
  let units: ObservedUnits;

  beforeAll(async () => {
    dataSource = await database.open({ entities: [Shelf, Volume, Page, Note, Mark] });
    await fill(dataSource);
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
      await expect(tryAll(analysis, dataSource)).rejects.toThrow('had a transaction open');
    });
    expect((await tryAll(analysis, dataSource)).map(({ verification }) => verification?.kind)).toEqual([
      'confirmed',
    ]);
  });

  it('believes nothing that was read while the application wrote', async () => {
    const analysis = await loop();
    const trying = tryAll(analysis, dataSource);
    await dataSource.manager.update(Shelf, { id: 1 }, { label: 'changed again' });
    await expect(trying).rejects.toThrow('the application wrote meanwhile');
  });
});
