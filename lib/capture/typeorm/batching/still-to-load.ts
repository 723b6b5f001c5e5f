import type { GrowingBatch } from '../parent-batches.js';
import type { EntityMetadataShape, RelationMetadataShape } from '../typeorm-shapes.js';
import type { BatchedRelationShape } from './batched-shapes.js';

/** Members of a batch that have this very relation and neither hold a value of it nor wait for one. */
export function stillToLoad(
  list: readonly WeakRef<object>[],
  relation: BatchedRelationShape,
  batch: GrowingBatch,
  waiting: { has(entity: object): boolean },
): Set<object> {
  const hasRelation = ownersOf(relation, batch);
  const found = new Set<object>();
  for (const reference of list) {
    const entity = reference.deref();
    if (entity === undefined || waiting.has(entity) || isLoaded(entity, relation.propertyName)) continue;
    if (isLazy(entity, relation.propertyName) && hasRelation(entity.constructor)) found.add(entity);
  }
  return found;
}

/**
 * Equal for a relation that classes of one table inherit, of which each has metadata of its own; different for relations
 * that only share their name.
 */
export function relationIdentity(relation: RelationMetadataShape): string {
  const { entityMetadata, inverseEntityMetadata, propertyPath, relationType } = relation;
  const columns = relation.joinColumns.map(({ databaseName }) => databaseName).join(',');
  const junction = relation.junctionEntityMetadata?.tableName ?? '';
  return [
    entityMetadata.name,
    propertyPath,
    relationType,
    inverseEntityMetadata.name,
    columns,
    junction,
    relation.inverseRelation?.propertyPath,
  ].join(' ');
}

/** By class, asked once for each: lists of a base class hold several. */
function ownersOf(relation: BatchedRelationShape, batch: GrowingBatch): (owner: unknown) => boolean {
  const identity = relationIdentity(relation);
  const known = new Map<unknown, boolean>();
  return (owner) => {
    let has = known.get(owner);
    if (has === undefined) {
      const metadata = metadataOf(owner, [relation.entityMetadata, batch.metadata]);
      const own = metadata?.findRelationWithPropertyPath(relation.propertyPath);
      known.set(owner, (has = own !== undefined && relationIdentity(own) === identity));
    }
    return has;
  };
}

function metadataOf(
  owner: unknown,
  among: readonly (EntityMetadataShape | undefined)[],
): EntityMetadataShape | undefined {
  for (const metadata of among) {
    if (metadata === undefined) continue;
    if (metadata.target === owner) return metadata;
    const child = metadataOf(owner, metadata.childEntityMetadatas);
    if (child !== undefined) return child;
  }
  return undefined;
}

/** The accessor that TypeORM puts on each entity that it loads; those on prototypes belong to entities made by hand. */
function isLazy(entity: object, property: string): boolean {
  return Object.getOwnPropertyDescriptor(entity, property)?.get !== undefined;
}

/** As the accessor decides it. */
function isLoaded(entity: object, property: string): boolean {
  const own = entity as Readonly<Record<string, unknown>>;
  return (
    own[`__has_${property}__`] === true ||
    own[`__${property}__`] !== undefined ||
    own[`__promise_${property}__`] !== undefined
  );
}
