import type { EntityMetadataShape, RelationMetadataShape } from '../typeorm-shapes.js';

/** What an own property of an entity holds. */
export type PropertyKind =
  { readonly kind: 'column' } | { readonly kind: 'relation'; readonly relation: RelationMetadataShape };

const COLUMN: PropertyKind = { kind: 'column' };

/** What the metadata of a class says about the properties of its entities. */
export class PropertyKinds {
  private readonly known = new WeakMap<EntityMetadataShape, ReadonlyMap<string, PropertyKind>>();

  of(metadata: EntityMetadataShape): ReadonlyMap<string, PropertyKind> {
    let kinds = this.known.get(metadata);
    if (kinds === undefined) this.known.set(metadata, (kinds = kindsOf(metadata)));
    return kinds;
  }
}

function kindsOf(metadata: EntityMetadataShape): ReadonlyMap<string, PropertyKind> {
  const kinds = new Map<string, PropertyKind>();
  for (const { propertyPath, isVirtual } of metadata.columns)
    if (!isVirtual) kinds.set(propertyPath.split('.', 1)[0] as string, COLUMN);
  for (const relation of metadata.relations) {
    const { propertyPath, isLazy } = relation;
    // The accessor of a lazy relation is TypeORM's; what is loaded stands in a data property beside it.
    if (!propertyPath.includes('.'))
      kinds.set(isLazy ? `__${propertyPath}__` : propertyPath, { kind: 'relation', relation });
  }
  return kinds;
}

/** The class of an entity from a list of its base class (single-table inheritance). */
export function concreteMetadata(declared: EntityMetadataShape, entity: object): EntityMetadataShape {
  if (declared.childEntityMetadatas.length === 0) return declared;
  const { constructor } = entity;
  return declared.childEntityMetadatas.find(({ target }) => target === constructor) ?? declared;
}
