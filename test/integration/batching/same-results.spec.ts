import '../capture/older-storage-first.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { accessPlan, follow, type AccessPlan } from './access-plans.js';
import { withBothVersions } from './both-versions.js';
import { clubEntities } from './club.entities.js';
import { fillClub } from './club-rows.js';

/** The law of autoBatch: what the host sees is what it sees without. */
describe('autoBatch gives what TypeORM gives', () => {
  describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
    withBothVersions(database, (open) => {
      let dataSource: DataSource;
      let bare: ObservedUnits;
      let batching: ObservedUnits;
      let clubsOfPeople: { id: number; clubId: string | null }[];

      beforeAll(async () => {
        dataSource = await open({ entities: clubEntities });
        await fillClub(dataSource, 11);
        const quote = database.dialect === 'mysql' ? '`clubId`' : '"clubId"';
        clubsOfPeople = await dataSource.query(`SELECT id, ${quote} AS ${quote} FROM person ORDER BY id`);
        bare = new ObservedUnits(dataSource);
        batching = new ObservedUnits(dataSource, { autoBatch: true });
      });
      afterAll(async () => {
        expect([...bare.failures, ...batching.failures]).toEqual([]);
        bare.stop();
        batching.stop();
        await dataSource.destroy();
      });

      const restore = async () => {
        for (const { id, clubId } of clubsOfPeople)
          await dataSource
            .createQueryBuilder()
            .update('person')
            .set({ club: clubId === null ? null : { id: clubId } })
            .where('id = :id', { id })
            .execute();
      };

      const seenBy = async (units: ObservedUnits, plan: AccessPlan) => {
        if (plan.steps.some(({ kind }) => kind === 'write')) await restore();
        let seen: unknown;
        const { analysed } = await units.run(async () => {
          seen = await follow(dataSource, plan);
        });
        if (units.failure !== undefined) throw units.failure;
        return { seen, statements: analysed.queries.length };
      };

      it('for any data, in any order, with writes between', async () => {
        let saved = 0;
        await fc.assert(
          fc.asyncProperty(accessPlan, async (plan) => {
            const expected = await seenBy(bare, plan);
            const actual = await seenBy(batching, plan);
            expect(actual.seen).toEqual(expected.seen);
            expect(actual.statements).toBeLessThanOrEqual(expected.statements);
            saved += expected.statements - actual.statements;
          }),
          { numRuns: 40, seed: 20_261_127 },
        );
        expect(saved).toBeGreaterThan(0);
      }, 240_000);
    });
  });
});
