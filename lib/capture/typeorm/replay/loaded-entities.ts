import type { LoadedEntity } from '../../../investigation/loading/loaded-entity.js';
import type { KeyColumnShape } from '../batching/batched-shapes.js';
import { keyText } from '../batching/key-text.js';
import { concreteMetadata } from '../read-tracking/property-kinds.js';
import { relationValue } from '../relation-value.js';
import type { EntityMetadataShape, RelationMetadataShape } from '../typeorm-shapes.js';
import type { RelationTree } from './relation-tree.js';
import { ReplayStopped } from './replay-runner.js';

/** Relations that were loaded beside their parents: by parent, then by property path. */
export type LoadedApart = ReadonlyMap<object, ReadonlyMap<string, readonly object[]>>;

/** Entities of TypeORM as plain data: their columns, and the relations of the tree. No accessor runs. */
export function loadedEntities(
  entities: readonly object[],
  metadata: EntityMetadataShape,
  tree: RelationTree,
  apart: LoadedApart,
): readonly LoadedEntity[] {
  return entities.map((entity) => {
    const own = concreteMetadata(metadata, entity);
    const relations = new Map<string, readonly LoadedEntity[]>();
    const ofEntity = apart.get(entity);
    for (const name of new Set([...Object.keys(tree), ...(ofEntity?.keys() ?? [])])) {
      const relation = relationOf(own, name) ?? relationOf(metadata, name);
      if (relation === undefined) continue;
      const children = ofEntity?.get(name) ?? childrenOf(entity, relation);
      relations.set(name, loadedEntities(children, relation.inverseEntityMetadata, tree[name] ?? {}, apart));
    }
    return { id: idOf(entity, own), entity: own.name, values: valuesOf(entity, own), relations };
  });
}

/** What an entity holds of a relation that was loaded with it. */
export function childrenOf(entity: object, relation: RelationMetadataShape): readonly object[] {
  const value = relationValue(entity, relation);
  const children: readonly unknown[] = Array.isArray(value) ? value : [value];
  return children.filter((child): child is object => typeof child === 'object' && child !== null);
}

/** By its property path. */
export function relationOf(metadata: EntityMetadataShape, path: string): RelationMetadataShape | undefined {
  return metadata.findRelationWithPropertyPath(path) ?? undefined;
}

function idOf(entity: object, metadata: EntityMetadataShape): string {
  const columns = (metadata.columns as readonly KeyColumnShape[]).filter(({ isPrimary }) => isPrimary);
  const key = columns.every(isPlain)
    ? keyText(columns.map((column) => column.getEntityValue(entity)))
    : undefined;
  if (key === undefined || columns.length === 0)
    throw new ReplayStopped(`the primary key of ${metadata.name} cannot be compared`);
  return `${metadata.name} ${key}`;
}

function valuesOf(entity: object, metadata: EntityMetadataShape): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const column of metadata.columns as readonly KeyColumnShape[]) {
    if (column.isVirtual || !isPlain(column)) continue;
    const value = column.getEntityValue(entity);
    if (value !== undefined) values.set(column.propertyPath, value);
  }
  return values;
}

/** A foreign key without a property of its own is read through the relation's accessor, and that would load it. */
function isPlain({ relationMetadata, propertyName }: KeyColumnShape): boolean {
  return relationMetadata?.propertyName !== propertyName;
}
