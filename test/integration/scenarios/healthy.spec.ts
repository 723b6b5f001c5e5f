import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { describeOn } from '../../databases.js';
import { batching } from './healthy/batching.js';
import { freshReadEntities, freshReads } from './healthy/fresh-reads.js';
import type { Patterns, Shop } from './healthy/pattern.js';
import { reading } from './healthy/reading.js';
import { reporting } from './healthy/reporting.js';
import { requests } from './healthy/requests.js';
import { services } from './healthy/services.js';
import { writing } from './healthy/writing.js';
import { ObservedUnits } from './observed-units.js';
import { shopEntities } from './shop.entities.js';
import { insertShop } from './shop-rows.js';

const corpus: Readonly<Record<string, Patterns>> = {
  ...{ reading, batching, reporting, writing, services, requests },
  'fresh reads': freshReads,
};

/** What people write and are right to write. Judged as strictly as in tests: two repetitions are enough. */
describe('healthy patterns', () => {
  describeOn(['sqljs', 'postgres', 'mysql'], (database) => {
    let dataSource: DataSource;
    let units: ObservedUnits;
    let shop: Shop;

    beforeAll(async () => {
      dataSource = await database.open({ entities: [...shopEntities, ...freshReadEntities] });
      await insertShop(dataSource);
      units = new ObservedUnits(dataSource);
      shop = {
        dataSource,
        of: (entity) => dataSource.getRepository(entity),
        mark: (index) => (database.dialect === 'postgres' ? `$${index}` : '?'),
        quoted: (name) => (database.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`),
      };
    });
    afterAll(() => {
      expect(units.failures).toEqual([]);
      units.stop();
    });

    for (const [theme, patterns] of Object.entries(corpus)) {
      describe(theme, () => {
        it.each(Object.keys(patterns))('stays silent for %s', async (name) => {
          const { findings } = await units.run(async () => patterns[name]?.(shop), { minRepeats: 2 });
          expect(units.failure).toBeUndefined();
          expect(
            findings.map(({ kind, relation, evidence }) => `${kind} ${relation ?? ''}: ${evidence.text}`),
          ).toEqual([]);
        });
      });
    }
  });
});
