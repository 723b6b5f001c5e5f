import * as fc from 'fast-check';
import type { DataSource, ObjectLiteral } from 'typeorm';
import { Club, Fixture, Goal, LAZY, Person, Player, Skill } from './club.entities.js';
import { plain } from './plain.js';

const LISTS = { Club, Fixture, Goal, Person, Player, Skill } as const;

/** One step of a host that reads lazy relations of a list: in any order, twice, in parallel, with writes between. */
type Step =
  | { readonly kind: 'read'; readonly entity: number; readonly relation: number }
  /** A relation of the first entity that a relation led to. */
  | {
      readonly kind: 'read-deeper';
      readonly entity: number;
      readonly relation: number;
      readonly next: number;
    }
  | { readonly kind: 'read-all'; readonly relation: number }
  /** Somebody moves to another club. */
  | { readonly kind: 'write'; readonly person: number; readonly club: number }
  /** An entity takes the key of another, in memory. */
  | { readonly kind: 'take-key'; readonly entity: number; readonly other: number }
  | { readonly kind: 'forget'; readonly entity: number; readonly relation: number };

export interface AccessPlan {
  readonly list: keyof typeof LISTS;
  readonly take: number;
  readonly steps: readonly Step[];
}

const index = fc.nat({ max: 13 });

/** Few relations and few entities, so that the steps meet. */
const steps = fc.nat({ max: 8 }).chain((other) => {
  const relation = fc.constantFrom(0, other);
  const entity = fc.nat({ max: 5 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('read' as const), entity, relation }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('read-deeper' as const),
        entity,
        relation,
        next: fc.nat({ max: 8 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('read-all' as const), relation }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('write' as const), person: entity, club: index }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('take-key' as const), entity, other: entity }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const), entity, relation }) },
  );
  return fc.array(step, { minLength: 2, maxLength: 14 });
});

export const accessPlan: fc.Arbitrary<AccessPlan> = fc.record({
  list: fc.oneof(
    { weight: 2, arbitrary: fc.constant('Person' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(LISTS) as (keyof typeof LISTS)[])) },
  ),
  take: fc.integer({ min: 1, max: 14 }),
  steps,
});

/** What a host sees of it. */
export async function follow({ manager }: DataSource, plan: AccessPlan): Promise<unknown> {
  const list = await manager.find<ObjectLiteral>(LISTS[plan.list], {
    take: plan.take,
  });
  if (list.length === 0) return [];
  const clubs = await manager.query<{ id: string }[]>('SELECT id FROM club ORDER BY id');
  const pick = (at: number): ObjectLiteral => list[at % list.length] as ObjectLiteral;
  const seen: unknown[] = [];
  for (const step of plan.steps) {
    switch (step.kind) {
      case 'read':
        seen.push(plain(await read(pick(step.entity), step.relation)));
        break;
      case 'read-deeper': {
        const value = await read(pick(step.entity), step.relation);
        const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
        seen.push(plain(value));
        if (typeof first === 'object' && first !== null) seen.push(plain(await read(first, step.next)));
        break;
      }
      case 'read-all':
        seen.push(plain(await Promise.all(list.map((entity) => read(entity, step.relation)))));
        break;
      case 'write': {
        const club = clubs[step.club % clubs.length] as { id: string };
        await manager
          .createQueryBuilder()
          .update(Person)
          .set({ club: club as never })
          .where('id = :id', { id: step.person + 1 })
          .execute();
        break;
      }
      case 'take-key':
        if (plan.list === 'Person') pick(step.entity)['id'] = pick(step.other)['id'];
        break;
      case 'forget': {
        const entity = pick(step.entity);
        const name = relationOf(entity, step.relation);
        for (const key of [`__${name}__`, `__has_${name}__`, `__promise_${name}__`])
          Reflect.deleteProperty(entity, key);
      }
    }
  }
  return seen;
}

function read(entity: object, at: number): Promise<unknown> {
  return (entity as Record<string, Promise<unknown>>)[relationOf(entity, at)] as Promise<unknown>;
}

function relationOf(entity: object, at: number): string {
  const names: readonly string[] = LAZY[entity.constructor.name as keyof typeof LAZY];
  return names[at % names.length] as string;
}
