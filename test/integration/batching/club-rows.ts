import type { DataSource } from 'typeorm';
import {
  Club,
  Coach,
  Fixture,
  Goal,
  Item,
  Locker,
  type Person,
  Player,
  Report,
  Skill,
} from './club.entities.js';

/** A small generator of numbers, so that a failure can be run again. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Fills the tables at random: some keys are null, some relations empty, some lockers removed. */
export async function fillClub({ manager }: DataSource, seed: number): Promise<void> {
  const next = numbers(seed);
  const some = <T>(all: readonly T[]): T | null => (next(4) === 0 ? null : (all[next(all.length)] ?? null));
  const few = <T>(all: readonly T[]): T[] => all.filter(() => next(3) === 0);
  const later = Promise.resolve.bind(Promise) as <T>(value: T) => Promise<T>;

  const skills = await manager.save(
    Skill,
    ['heading', 'Passing', 'running', 'diving', 'tackling'].map((code) => ({ code, rank: next(3) })),
  );
  const clubs = await manager.save(
    Club,
    ['Athletic', 'Rovers', 'United', 'Wanderers'].map((name) => ({ id: `${next(1e6)}-${name}`, name })),
  );
  const lockers = await manager.save(Locker, [{}, {}, {}, {}, {}, {}]);
  const people: Person[] = [];
  for (let index = 0; index < 14; index++) {
    const isPlayer = next(3) > 0;
    const person = isPlayer
      ? Object.assign(new Player(), { shirt: index, formerly: later(some(clubs)) })
      : Object.assign(new Coach(), { licence: `L${index}`, formerlyTaught: later(some(skills)) });
    Object.assign(person, {
      name: `person ${index}`,
      club: later(some(clubs)),
      mentor: later(people.length === 0 ? null : some(people)),
      skills: later(few(skills)),
      following: later(few(people)),
      locker: later(index % 2 === 0 ? (lockers[index / 2] ?? null) : null),
    });
    people.push(await manager.save(person));
  }
  await manager.save(
    Item,
    Array.from({ length: 9 }, (_, index) => ({
      label: `item ${index}`,
      locker: lockers[next(lockers.length)] as Locker,
    })),
  );
  await manager.softDelete(Locker, lockers[1]?.id ?? 0);
  const reports = await manager.save(Report, [{ text: 'dull' }, { text: 'late' }]);
  const fixtures: Fixture[] = [];
  for (const season of [2025, 2026])
    for (const round of [1, 2, 3])
      fixtures.push(
        await manager.save(
          Object.assign(new Fixture(), {
            season,
            round,
            home: later(some(clubs)),
            shown: later(few(skills)),
          }),
        ),
      );
  for (let index = 0; index < 12; index++)
    await manager.save(
      Object.assign(new Goal(), {
        minute: next(90),
        fixture: later(some(fixtures)),
        report: later(some(reports)),
      }),
    );
}
