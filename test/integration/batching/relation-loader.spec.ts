import '../capture/older-storage-first.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, ObjectLiteral } from 'typeorm';
import { createRelationLoader } from 'nestjs-query-lens/graphql';
import { describeOn } from '../../databases.js';
import { withBothVersions } from './both-versions.js';
import { Club, clubEntities, Fixture, Goal, LAZY, Person, Player, Report, Skill } from './club.entities.js';
import { fillClub } from './club-rows.js';
import { plain } from './plain.js';

/** Counts SELECTs as TypeORM's own logger sees them. */
class Counter {
  statements: string[] = [];
  readonly logger = {
    logQuery: (query: string) => {
      if (query.startsWith('SELECT')) this.statements.push(query);
    },
    logQueryError: () => undefined,
    logQuerySlow: () => undefined,
    logSchemaBuild: () => undefined,
    logMigration: () => undefined,
    log: () => undefined,
  };

  async during(work: () => Promise<unknown>): Promise<number> {
    this.statements = [];
    await work();
    return this.statements.length;
  }
}

/** A junction table of composite keys, and a target with `@RelationId`. */
const LEFT_ALONE: ReadonlySet<string> = new Set(['shown', 'report']);

const CLASSES = { Club, Person, Player, Skill, Fixture, Goal, Report } as const;

describe('createRelationLoader()', () => {
  describeOn(['sqljs', 'better-sqlite3', 'pglite', 'postgres', 'mysql'], (database) => {
    withBothVersions(database, (open) => {
      const counter = new Counter();
      let dataSource: DataSource;

      beforeAll(async () => {
        dataSource = await open({ entities: clubEntities, logger: counter.logger });
        await fillClub(dataSource, 7);
      });
      afterAll(() => dataSource.destroy());

      const cases = Object.entries(CLASSES).flatMap(([name, target]) =>
        LAZY[name as keyof typeof CLASSES].map((relation) => [name, relation, target] as const),
      );
      it.each(cases)(
        '%s.%s: the same as one by one, in the order of the parents',
        async (_name, relation, target) => {
          const parents: ObjectLiteral[] = (await dataSource.manager.find<ObjectLiteral>(target)).reverse();
          const loader = createRelationLoader(dataSource, target as never, relation as never);
          let values: unknown[] = [];
          const together = await counter.during(async () => {
            values = await Promise.all(parents.map((parent) => loader.load(parent as never)));
          });
          const again = await dataSource.manager.find<ObjectLiteral>(target);
          const alone: unknown[] = [];
          const oneByOne = await counter.during(async () => {
            for (const parent of again.reverse()) alone.push(await (parent[relation] as Promise<unknown>));
          });
          expect(plain(values)).toEqual(plain(alone));
          expect(together).toBe(LEFT_ALONE.has(relation) ? oneByOne : 1);
        },
      );
    });
  });
});
