import '../capture/older-storage-first.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { withBothVersions } from '../batching/both-versions.js';
import { families } from '../relations/families.js';
import { ways } from '../relations/ways.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { tryAll } from './verified.js';

/** The advice for a loop over each kind of relation: lazy, and by hand with the key. */
describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
  withBothVersions(database, (open) => {
    describe.each([
      ['lazy', 'lazy'],
      ['plain', 'by hand'],
    ] as const)('declared %s', (declared, name) => {
      const { dialect } = database;
      const relation = declared === 'lazy' ? { lazy: true } : {};
      const made = families.map((family) => family({ declared, dialect, relation }));
      const rows = made.flatMap((family) => Object.entries(family.rows));
      let dataSource: DataSource;
      let units: ObservedUnits;

      beforeAll(async () => {
        const entities = made.flatMap((family) => family.entities);
        dataSource = await open({ entities, synchronize: false, dropSchema: false });
        if (dialect === 'postgres') {
          await dataSource.query('DROP SCHEMA IF EXISTS yard CASCADE');
          await dataSource.query('CREATE SCHEMA yard');
        }
        await dataSource.synchronize(true);
        for (const { fill } of made) await fill(dataSource.manager);
        units = new ObservedUnits(dataSource, { keepsReplays: true });
      });
      afterAll(async () => {
        units.stop();
        await dataSource.destroy();
        expect(units.failures).toEqual([]);
      });

      it.each(rows)('%s: every advice gives the same entities with fewer statements', async (_, row) => {
        const analysis = await units.run(() => ways[name]!.run(row, dataSource));
        // What TypeORM itself cannot load: the matrix of relations has those cells.
        if (units.failure !== undefined) return;
        const sent = analysis.analysed.queries.length;
        for (const { finding, today, advised, verification } of await tryAll(analysis, dataSource)) {
          expect(finding.kind).toBe('n-plus-one');
          expect(verification?.kind).toBe('confirmed');
          expect(today!.figures.statements).toBeLessThanOrEqual(sent);
          expect(today!.figures.statements).toBeGreaterThanOrEqual(finding.cost.statements + 1);
          expect(advised!.figures.statements).toBeLessThanOrEqual(2);
        }
      });
    });
  });
});
