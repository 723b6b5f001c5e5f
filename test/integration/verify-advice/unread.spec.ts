import '../capture/older-storage-first.js';
import { expect, it } from '@jest/globals';
import { Column, Entity, ManyToOne, OneToMany, PrimaryColumn, type DataSource, type Relation } from 'typeorm';
import type { Finding } from '../../../lib/analysis/finding.js';
import { entityLoad, keptLoad } from '../../../lib/investigation/loading/kept-load.js';
import { planUnread } from '../../../lib/investigation/loading/plan-unread.js';
import { describeTrials } from './describe-trials.js';
import { summary, tryPlan } from './verified.js';

class Size {
  @Column() height: number;
  @Column() width: number;
}

@Entity()
class Museum {
  @PrimaryColumn() id: number;
  @Column() name: string;
  @Column() history: string;
  @Column(() => Size) size: Size;
  @ManyToOne(() => City, { eager: true }) city: Relation<City>;
  @ManyToOne(() => Owner, { eager: true }) owner: Relation<Owner>;
  @OneToMany(() => Room, (room) => room.museum) rooms: Relation<Room>[];
}

@Entity()
class City {
  @PrimaryColumn() id: number;
  @Column() name: string;
  @ManyToOne(() => Owner, { eager: true }) mayor: Relation<Owner>;
}

@Entity()
class Owner {
  @PrimaryColumn() id: number;
  @Column() name: string;
}

@Entity()
class Room {
  @PrimaryColumn() id: number;
  @Column() plan: string;
  @ManyToOne(() => Museum, (museum) => museum.rooms) museum: Relation<Museum>;
}

const ids = [1, 2, 3];
const text = 'long '.repeat(40);

async function fill({ manager }: DataSource): Promise<void> {
  await manager.insert(
    Owner,
    ids.map((id) => ({ id, name: `owner ${id}` })),
  );
  await manager.insert(
    City,
    ids.map((id) => ({ id, name: `city ${id}`, mayor: { id } })),
  );
  await manager.insert(
    Museum,
    ids.map((id) => ({
      id,
      name: `museum ${id}`,
      history: text,
      size: { height: id, width: id },
      city: { id },
      owner: { id },
    })),
  );
  await manager.insert(
    Room,
    [1, 2, 3, 4, 5, 6].map((id) => ({ id, plan: text, museum: { id: (id % 3) + 1 } })),
  );
}

describeTrials({ entities: [Museum, City, Owner, Room], fill }, ({ set }) => {
  /** What the totals say of a call site; the load is that of one unit. */
  const tried = async (
    kind: Finding['kind'],
    facts: Finding['evidence']['facts'],
    work: () => Promise<unknown>,
  ) => {
    const { analysed } = await set.units.run(work);
    if (set.units.failure !== undefined) throw set.units.failure;
    const finding = { kind, relation: '', evidence: { text: '', facts } } as unknown as Finding;
    const kept = keptLoad(entityLoad(analysed, ({ entity }) => entity === 'Museum')?.id, analysed);
    const plan = planUnread(finding, kept);
    if (plan === undefined || !('today' in plan)) throw new Error(plan?.whyNot ?? 'no plan');
    const { verification, today, advised } = await tryPlan(plan, set.dataSource);
    const columns = advised!.figures.values / advised!.figures.rows;
    const before = today!.figures.values / today!.figures.rows;
    return { says: summary({ finding, verification }), columns: `${before} -> ${columns}` };
  };
  const find =
    (options = {}) =>
    () =>
      set.dataSource.manager.find(Museum, options);

  it('leaves one eager relation out and keeps the others, of every level', async () => {
    const facts = { path: 'owner', strategy: 'eager-join' };
    const { says } = await tried('unused-relation', facts, find({ relations: { rooms: true } }));
    expect(says).toBe('unused-relation : 1 statement, 1 ms -> 1 statement, 0.6 ms, same 15 entities');
  });

  it('leaves an eager relation out with those below it', async () => {
    const { columns } = await tried('unused-relation', { path: 'city', strategy: 'eager-join' }, find());
    expect(columns).toBe('14 -> 9');
  });

  it('leaves columns of the root and of relations out', async () => {
    const facts = { paths: 'history, size, rooms.plan' };
    const { says, columns } = await tried('unused-columns', facts, find({ relations: { rooms: true } }));
    expect(says).toMatch(/^unused-columns : .* same 15 entities$/);
    expect(columns).toBe('17 -> 10');
  });

  it('leaves columns of a find with a select of its own out', async () => {
    const select = { id: true, name: true, history: true };
    const { says } = await tried(
      'unused-columns',
      { paths: 'history' },
      find({ select, loadEagerRelations: false }),
    );
    expect(says).toBe('unused-columns : 1 statement, 1 ms -> 1 statement, 0.6 ms, same 3 entities');
  });

  it('leaves columns of a query builder out', async () => {
    const facts = { paths: 'history, rooms.plan' };
    const { says, columns } = await tried('unused-columns', facts, () =>
      set.dataSource.manager
        .createQueryBuilder(Museum, 'm')
        .leftJoinAndSelect('m.rooms', 'r')
        .orderBy('m.history')
        .addOrderBy('m.id')
        .getMany(),
    );
    expect(says).toMatch(/^unused-columns : .* same 9 entities$/);
    expect(columns).toMatch(/^\d+ -> \d+$/);
  });
});
