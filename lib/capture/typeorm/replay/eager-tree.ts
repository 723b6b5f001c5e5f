import type { EntityMetadataShape, RelationMetadataShape } from '../typeorm-shapes.js';
import { withPath, type RelationTree } from './relation-tree.js';

/** Metadata with the relations that come with every find. */
interface EagerMetadata extends EntityMetadataShape {
  readonly eagerRelations?: readonly RelationMetadataShape[];
}

const MAX_DEPTH = 10;

/** What a find loads that asks for these relations: the eager ones of each class on the way as well. */
export function withEager(tree: RelationTree, metadata: EntityMetadataShape, depth = 0): RelationTree {
  if (depth > MAX_DEPTH) return tree;
  const { eagerRelations = [] } = metadata as EagerMetadata;
  const all = eagerRelations.reduce<RelationTree>(
    (known, { propertyPath }) => withPath(known, [propertyPath]),
    tree,
  );
  return Object.fromEntries(
    Object.entries(all).map(([name, below]) => {
      const relation = metadata.findRelationWithPropertyPath(name) ?? undefined;
      return [
        name,
        relation === undefined ? below : withEager(below, relation.inverseEntityMetadata, depth + 1),
      ];
    }),
  );
}
