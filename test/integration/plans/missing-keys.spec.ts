import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Column, type DataSource, Entity, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import { IndexReviews } from '../../../lib/index-reviews.js';
import { DEFAULT_INVESTIGATE } from '../../../lib/investigate-options.js';
import { openExplainer } from '../../../lib/open-explainer.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

@Entity('harbours')
class Harbour {
  @PrimaryColumn() id: number;
  @OneToMany(() => Ship, (ship) => ship.harbour) ships: Ship[];
  @OneToMany(() => Crane, (crane) => crane.harbour) cranes: Crane[];
}

@Entity('ships')
class Ship {
  @PrimaryColumn() id: number;
  @Column() name: string;
  // MySQL would make the index itself.
  @ManyToOne(() => Harbour, (harbour) => harbour.ships, { createForeignKeyConstraints: false })
  harbour: Harbour;
}

@Entity('cranes')
class Crane {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Harbour, (harbour) => harbour.cranes) harbour: Harbour;
}

describeOn(['postgres', 'pglite', 'mysql', 'better-sqlite3'], (database) => {
  let dataSource: DataSource;
  let units: ObservedUnits;
  let statistics: Statistics;

  beforeAll(async () => {
    dataSource = await database.open({ entities: [Harbour, Ship, Crane] });
    const numbers = (count: number, row: (n: number) => string): string =>
      Array.from({ length: count }, (_, n) => `(${row(n + 1)})`).join(', ');
    for (const statement of [
      `INSERT INTO harbours (id) VALUES ${numbers(1000, String)}`,
      `INSERT INTO ships VALUES ${numbers(8000, (n) => `${n}, 'ship number ${n}', ${1 + (n % 900)}`)}`,
      `INSERT INTO cranes VALUES ${numbers(8000, (n) => `${n}, ${1 + (n % 900)}`)}`,
      database.dialect === 'mysql' ? 'ANALYZE TABLE harbours, ships, cranes' : 'ANALYZE',
    ])
      await dataSource.query(statement);
    units = new ObservedUnits(dataSource);
    statistics = new Statistics();
  });

  afterAll(() => {
    units.stop();
  });

  async function run(work: () => Promise<unknown>): Promise<void> {
    const { analysed, findings } = await units.run(work);
    statistics.add(analysed, findings);
  }

  async function reviewed(trialIndexes = true) {
    const options = {
      ...DEFAULT_INVESTIGATE,
      trialIndexes,
      borrowConnection: true,
      statementTimeoutMs: 60_000,
    };
    const { explainer, close } = await openExplainer(dataSource, options);
    const reviews = new IndexReviews({
      thresholds: DEFAULT_THRESHOLDS,
      statistics,
      schemas: () => new Map([['default', schemaModel(dataSource, 'default')]]),
      now: Date.now,
      failed: (where, error) => {
        throw new Error(where, { cause: error });
      },
    });
    await reviews.review(explainer, 'default');
    await close();
    return reviews.findings.map(({ finding }) => finding);
  }

  it('is silent about keys that nobody searches by', async () => {
    await run(() => dataSource.getRepository(Ship).find({ where: { id: 3 }, relations: { harbour: true } }));
    expect(await reviewed()).toEqual([]);
  });

  it('finds the key of a relation that is read from the other side', async () => {
    await run(() => dataSource.getRepository(Harbour).find({ where: { id: 3 }, relations: { ships: true } }));
    const [finding, ...others] = await reviewed();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ kind: 'missing-index', relation: 'Harbour.ships', severity: 'warning' });
    expect(finding?.title).toBe('ships has no index on its foreign key (harbourId)');
    expect(finding?.advice.verified?.rung).toBe('planner-verified');
    expect(finding?.advice.code).toContain(`@Index('IDX_ships_harbourId', ['harbour'])\nexport class Ship`);
  });

  it('suggests it where indexes cannot be tried', async () => {
    const rungs = (await reviewed(false)).map(({ advice }) => advice.verified?.rung);
    expect(rungs).toEqual(['suggested']);
  });

  it('finds the key that a delete of its parent searches by, where the database made no index', async () => {
    await run(() => dataSource.getRepository(Harbour).delete({ id: 950 }));
    const found = (await reviewed()).map(({ relation }) => relation).sort();
    expect(found).toEqual(
      database.dialect === 'mysql' ? ['Harbour.ships'] : ['Harbour.ships', 'cranes.harbourId'],
    );
  });

  it('is silent once an index begins with the key', async () => {
    await dataSource.query('CREATE INDEX ships_harbour ON ships (' + quoted('harbourId') + ', name)');
    if (database.dialect !== 'mysql')
      await dataSource.query('CREATE INDEX cranes_harbour ON cranes ("harbourId")');
    expect(await reviewed()).toEqual([]);
  });

  function quoted(name: string): string {
    return database.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`;
  }
});
