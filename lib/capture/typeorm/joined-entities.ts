import type { UnitRecorder } from '../../record/unit-recorder.js';
import type { GrowingBatch, ParentBatches } from './parent-batches.js';
import { relationValue } from './relation-value.js';
import type { JoinAttributeShape, RelationMetadataShape } from './typeorm-shapes.js';

/** Entities of one load that are looked at, nested ones included. */
export const MAX_WALKED = 2_000;

/** How many entities carried a relation, and what was found on them. */
export interface JoinCount {
  parents: number;
  children: number;
  maxChildren: number;
}

interface Level {
  readonly entities: readonly object[];
  readonly batch: GrowingBatch;
}

/**
 * Walks the entities of a load along its selected joins: makes one batch for each join path and counts children.
 * Answers the counts by alias; an alias is missing where the load was too large to count.
 */
export function walkJoins(
  joins: readonly JoinAttributeShape[],
  rootAlias: string,
  root: Level,
  load: number,
  recorder: UnitRecorder,
  batches: ParentBatches,
): ReadonlyMap<string, JoinCount> {
  const levels = new Map<string, Level>([[rootAlias, root]]);
  const counts = new Map<string, JoinCount>();
  let budget = MAX_WALKED - root.entities.length;
  for (const join of joins) {
    const { relation, parentAlias = '' } = join;
    const parents = levels.get(parentAlias);
    if (relation === undefined || parents === undefined || !join.isSelected) continue;
    const count: JoinCount = { parents: parents.entities.length, children: 0, maxChildren: 0 };
    const found = childrenOf(parents.entities, relation, join.mapToPropertyPropertyName, count);
    budget -= found.length;
    if (budget < 0) break;
    counts.set(join.alias.name, count);
    levels.set(
      join.alias.name,
      found.length === 0
        ? { ...parents, entities: [] }
        : enter(found, parents.batch, relation, load, recorder, batches),
    );
  }
  return counts;
}

function childrenOf(
  parents: readonly object[],
  relation: RelationMetadataShape,
  mappedTo: string | undefined,
  count: JoinCount,
): readonly object[] {
  const found: object[] = [];
  for (const parent of parents) {
    const before = found.length;
    const value = relationValue(parent, relation, mappedTo);
    if (Array.isArray(value)) addObjects(found, value);
    else if (isObject(value)) found.push(value);
    const children = found.length - before;
    if (children > count.maxChildren) count.maxChildren = children;
    if (found.length > MAX_WALKED) break;
  }
  count.children = found.length;
  return found;
}

function addObjects(found: object[], values: readonly unknown[]): void {
  for (let index = 0; index < values.length && index <= MAX_WALKED; index++) {
    const value = values[index];
    if (isObject(value)) found.push(value);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function enter(
  found: readonly object[],
  parents: GrowingBatch,
  relation: RelationMetadataShape,
  load: number,
  recorder: UnitRecorder,
  batches: ParentBatches,
): Level {
  const metadata = relation.inverseEntityMetadata;
  const from = { batch: parents.id, entity: parents.entity, relation: relation.propertyPath };
  const start = { entity: metadata.name, metadata, size: found.length, load, from };
  const batch = parents.isLineage
    ? batches.lineage(recorder, { ...start, from })
    : batches.start(recorder, start);
  batches.enter(recorder, found, batch);
  return { entities: found, batch };
}
