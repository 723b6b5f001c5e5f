import type { EntityMetadataShape, RelationMetadataShape } from './typeorm-shapes.js';

/**
 * The class that a relation is named after, where a class was queried that has it. Single-table inheritance: TypeORM's
 * metadata of a base class lists the relations of its child classes too; those are named after the child that declares them.
 */
export function owningClass(
  queried: EntityMetadataShape,
  { target }: Pick<RelationMetadataShape, 'target'>,
): EntityMetadataShape {
  return queried.childEntityMetadatas.find((child) => child.target === target) ?? queried;
}
