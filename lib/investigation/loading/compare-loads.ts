import type { FormRun, SortKey } from './form-run.js';
import type { LoadedEntity } from './loaded-entity.js';
import type { LoadingTrial } from './loading-trial.js';
import { sameValue } from './same-value.js';

/** Whether two forms gave the same. `entities`: different ones, the loaded relations included. */
export type Comparison =
  | { readonly kind: 'same'; readonly entities: number }
  /** What is different, in words; no value is quoted. */
  | { readonly kind: 'different'; readonly difference: string };

/** Of rows that no relation leads to. */
const NOT_THE_ROOTS = [''];

/** Thrown, so that the walk need not carry it up. */
class Difference extends Error {}

/**
 * Whether the advised form gave every entity, every column and every relation that today's form gave, and no entity more
 * at the same place; in the same order where the query sorts. The advised form may know more of an entity.
 */
export function compareLoads(
  today: FormRun,
  advised: FormRun,
  { path, leftOut }: Pick<LoadingTrial, 'path' | 'leftOut'>,
): Comparison {
  const walk = new Walk(today.sortedBy, leftOut);
  try {
    walk.compare(today.roots, advised.roots, []);
    if (advised.byKeys === undefined) compareCalls(today.calls, contentsAt(advised.roots, path), walk, path);
    else compareByKeys(today.calls, advised.byKeys, walk, path.length === 0 ? NOT_THE_ROOTS : path);
    return { kind: 'same', entities: walk.seen.size };
  } catch (error) {
    if (error instanceof Difference) return { kind: 'different', difference: error.message };
    throw error;
  }
}

class Walk {
  /** Ids of the entities that are the same in both. */
  readonly seen = new Set<string>();

  /** Relation and columns that the advised form leaves out. */
  private readonly relation: string | undefined;
  private readonly columns: ReadonlySet<string>;

  constructor(
    private readonly sortedBy: readonly SortKey[],
    leftOut: LoadingTrial['leftOut'] = {},
  ) {
    this.relation = leftOut.relation?.join('.');
    this.columns = new Set(leftOut.columns?.map((path) => path.join('.')));
  }

  compare(today: readonly LoadedEntity[], advised: readonly LoadedEntity[], path: readonly string[]): void {
    const of = (today[0] ?? advised[0])?.entity ?? '';
    if (today.length !== advised.length)
      throw new Difference(`${advised.length} instead of ${today.length} ${of}`);
    this.compareOrder(today, advised, path);
    const [left, right] = [byId(today), byId(advised)];
    left.forEach((entity, at) => {
      this.compareEntity(entity, right[at] as LoadedEntity, path);
    });
  }

  private compareEntity(today: LoadedEntity, advised: LoadedEntity, path: readonly string[]): void {
    if (today.id !== advised.id) throw new Difference(`other ${today.entity}`);
    for (const [property, value] of today.values)
      if (!this.isLeftOut(property, path) && !sameValue(value, advised.values.get(property)))
        throw new Difference(`another value of ${today.entity}.${property}`);
    this.seen.add(today.id);
    for (const [relation, children] of today.relations) {
      const below = [...path, relation];
      if (below.join('.') === this.relation) continue;
      const others = advised.relations.get(relation);
      if (others === undefined) throw new Difference(`no ${today.entity}.${relation}`);
      this.compare(children, others, below);
    }
  }

  /** An embedded object is left out by its own name. */
  private isLeftOut(property: string, path: readonly string[]): boolean {
    return this.columns.has([...path, property.split('.', 1)[0]].join('.'));
  }

  /** By what the query sorts by, because rows that are equal in it come in any order. */
  private compareOrder(
    today: readonly LoadedEntity[],
    advised: readonly LoadedEntity[],
    path: readonly string[],
  ): void {
    const keys = this.sortedBy.filter((key) => key.path.join('.') === path.join('.'));
    for (const { property } of keys) {
      if (property !== undefined && this.isLeftOut(property, path)) continue;
      const keyOf = (entity: LoadedEntity | undefined): unknown =>
        property === undefined ? entity?.id : entity?.values.get(property);
      if (today.some((entity, at) => !sameValue(keyOf(entity), keyOf(advised[at]))))
        throw new Difference(`another order of ${today[0]?.entity ?? ''}`);
    }
  }
}

/** Each call of a loop must have given what the advised form holds for one of the parents. */
function compareCalls(
  calls: readonly (readonly LoadedEntity[])[],
  contents: readonly (readonly LoadedEntity[])[],
  walk: Walk,
  path: readonly string[],
): void {
  const byKey = new Map(contents.map((list) => [keyOf(list), list]));
  for (const call of calls) {
    const list = byKey.get(keyOf(call));
    if (list === undefined) throw new Difference(`other ${call[0]?.entity ?? path.at(-1) ?? ''}`);
    walk.compare(call, list, path);
  }
}

/** One list must hold what the calls of a loop gave, and nothing else; and say for each entity whose it is. */
function compareByKeys(
  calls: readonly (readonly LoadedEntity[])[],
  byKeys: readonly LoadedEntity[],
  walk: Walk,
  path: readonly string[],
): void {
  const found = new Map(byKeys.map((entity) => [entity.id, entity]));
  const owners = new Map<string, string>();
  for (const call of calls) {
    const key = keyOf(call);
    const same = call.map(({ id, entity }) => {
      if ((owners.get(id) ?? key) !== key) throw new Difference(`one ${entity} for several keys`);
      owners.set(id, key);
      const other = found.get(id);
      if (other === undefined) throw new Difference(`no ${entity} of one key`);
      return other;
    });
    walk.compare(call, same, path);
  }
  if (found.size !== owners.size)
    throw new Difference(`${found.size} instead of ${owners.size} ${byKeys[0]?.entity ?? ''}`);
}

function contentsAt(
  roots: readonly LoadedEntity[],
  path: readonly string[],
): readonly (readonly LoadedEntity[])[] {
  const last = path.at(-1);
  if (last === undefined) return [];
  let parents = roots;
  for (const step of path.slice(0, -1))
    parents = parents.flatMap(({ relations }) => relations.get(step) ?? []);
  return parents.flatMap(({ relations }) => {
    const list = relations.get(last);
    return list === undefined ? [] : [list];
  });
}

function keyOf(list: readonly LoadedEntity[]): string {
  return JSON.stringify(byId(list).map(({ id }) => id));
}

function byId(entities: readonly LoadedEntity[]): readonly LoadedEntity[] {
  return [...entities].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
