import { afterAll, beforeAll, expect } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { describeOn, type SuiteOptions, type TestDatabase } from '../../databases.js';
import { withBothVersions } from '../batching/both-versions.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { summary, tryAll } from './verified.js';

/** What a trial is run on. */
export interface TrialTools {
  readonly database: TestDatabase;
  readonly typeOrm: '0.3' | '1.1';
  /** Set when the suite begins. */
  readonly set: { dataSource: DataSource; units: ObservedUnits };
  /** What came of the advice for each finding of some work, sorted. */
  tried(work: () => Promise<unknown>, options?: object): Promise<readonly string[]>;
}

/** Describes what comes of trying advice: on every database and with both versions of TypeORM, over the same rows. */
export function describeTrials(
  {
    entities,
    fill,
  }: Required<Pick<SuiteOptions, 'entities'>> & {
    readonly fill: (dataSource: DataSource) => Promise<void>;
  },
  behaviours: (tools: TrialTools) => void,
): void {
  describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
    withBothVersions(database, (open, typeOrm) => {
      const set = {} as TrialTools['set'];

      beforeAll(async () => {
        set.dataSource = await open({ entities });
        await fill(set.dataSource);
        set.units = new ObservedUnits(set.dataSource, { keepsReplays: true });
      });
      afterAll(async () => {
        set.units.stop();
        await set.dataSource.destroy();
        expect(set.units.failures).toEqual([]);
      });

      const tried: TrialTools['tried'] = async (work, options = {}) => {
        const analysis = await set.units.run(work);
        if (set.units.failure !== undefined) throw set.units.failure;
        return (await tryAll(analysis, set.dataSource, options)).map(summary).sort();
      };
      behaviours({ database, typeOrm, set, tried });
    });
  });
}
