import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, EntityManager, SelectQueryBuilder } from 'typeorm';
import { describeOn } from '../databases.js';
import { FaultApp, PATHS } from './fault-app.js';
import { breakPlace, places, silentPlaces } from './inject.js';
import { answerNonsense, nonsense } from './nonsense-driver.js';
import { heardUnhandled } from './unhandled.js';

/** What QueryLens wraps, as it is now; of methods that objects have for themselves, only that. */
function wrapped(dataSource: DataSource): readonly unknown[] {
  const { driver, relationLoader } = dataSource as unknown as { driver: object; relationLoader: object };
  const runner = Object.getPrototypeOf(dataSource.createQueryRunner()) as object;
  const objects: [object, string[]][] = [
    [DataSource.prototype, ['initialize']],
    [EntityManager.prototype, ['save', 'remove', 'insert', 'update', 'delete']],
    [SelectQueryBuilder.prototype, ['executeEntitiesAndRawResults', 'setFindOptions']],
    [runner, ['query', 'stream', 'connect', 'startTransaction', 'commitTransaction', 'rollbackTransaction']],
  ];
  return [
    Object.hasOwn(driver, 'createQueryRunner'),
    Object.hasOwn(relationLoader, 'load'),
    ...objects.flatMap(([object, names]) => names.map((name) => (object as Record<string, unknown>)[name])),
  ];
}

describe('faults of QueryLens', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    let expected: readonly string[];
    let methods: readonly unknown[];
    let mend: () => void = () => undefined;
    const unhandled = heardUnhandled();

    beforeAll(async () => {
      const bare = await FaultApp.start(database.options());
      expected = await bare.answers();
      methods = wrapped(bare.dataSource);
      await bare.app.close();
    });
    afterEach(() => {
      mend();
      expect(unhandled.splice(0)).toEqual([]);
    });

    /** Runs the application's routes with the fault and answers what QueryLens counted. */
    async function withFault(
      begin: () => () => void,
      without = expected,
    ): Promise<Readonly<Record<string, number>>> {
      const host = await FaultApp.start(database.options(), {
        thresholds: { slowQueryMs: 0.001 },
        trackReads: 'all',
      });
      mend = begin();
      const answers = await host.answers();
      await new Promise((resolve) => setTimeout(resolve, 20));
      mend();
      const failures = await host.failures();
      await host.app.close();
      expect(answers).toEqual(without);
      expect(wrapped(host.dataSource)).toEqual(methods);
      return failures;
    }

    /** The same, where the application itself suffers from the fault: it answers as it would without QueryLens. */
    async function withBrokenProcess(begin: () => () => void): Promise<Readonly<Record<string, number>>> {
      const bare = await FaultApp.start(database.options());
      mend = begin();
      const without = await bare.answers();
      mend();
      await bare.app.close();
      return withFault(begin, without);
    }

    it('has none to begin with', async () => {
      expect(await withFault(() => () => undefined)).toEqual({});
    });

    for (const [name, place] of Object.entries(places)) {
      it(`never reach the application when ${name} throws, and are counted`, async () => {
        const failures = await withFault(() => breakPlace(place));
        expect(Object.values(failures).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      });
    }

    for (const [name, place] of Object.entries(silentPlaces)) {
      it(`never reach the application when ${name} throws`, async () => {
        await withFault(() => breakPlace(place));
      });
    }

    it('are none when the clocks are wrong', async () => {
      const failures = await withBrokenProcess(() => {
        const { now } = performance;
        const { now: date } = Date;
        performance.now = () => NaN;
        Date.now = () => NaN;
        return () => {
          performance.now = now;
          Date.now = date;
        };
      });
      expect(failures).toEqual({});
    });

    it('are none when stacks cannot be taken', async () => {
      const failures = await withBrokenProcess(() => {
        const { captureStackTrace } = Error;
        Error.captureStackTrace = () => {
          throw new Error('no stack');
        };
        return () => {
          Error.captureStackTrace = captureStackTrace;
        };
      });
      expect(failures).toEqual({});
    });

    it('are none when the formatter of stacks throws', async () => {
      const failures = await withBrokenProcess(() => {
        const { prepareStackTrace } = Error;
        Error.prepareStackTrace = () => {
          throw new Error('no format');
        };
        return () => {
          Error.prepareStackTrace = prepareStackTrace;
        };
      });
      expect(failures).toEqual({});
    });

    it('leave nonsense of the driver as it is', async () => {
      const paths = Object.keys(nonsense).map((kind) => `nonsense/${kind}`);
      const answers: (readonly string[])[] = [];
      for (const options of [undefined, {}]) {
        const below = await database.open();
        mend = answerNonsense(below);
        const host = await FaultApp.start(database.options(), options);
        answers.push(await host.answers([...paths, ...PATHS]));
        if (host.lens !== undefined)
          expect((await host.lens.report()).totals.queries).toBeGreaterThan(paths.length);
        await host.app.close();
        mend();
        await below.destroy();
      }
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[0]?.slice(paths.length)).toEqual(expected);
    });
  });
});
