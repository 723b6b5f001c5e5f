import type { BatchedRelationShape, KeyColumnShape, ShareBuilderShape } from './batched-shapes.js';

/** How the rows of a relation say which parent they belong to. */
export interface RelationKey {
  /** Of the parent: what TypeORM asks by. */
  readonly ofParent: readonly KeyColumnShape[];
  /** The same values in the statement: database names, in the table of `alias`. */
  readonly inRows: readonly string[];
  /** The joined table that has them, or the main one. */
  readonly alias: 'main' | 'joined';
}

/**
 * The key of a relation; undefined where TypeORM's statement for many parents is not exactly its statements for each of
 * them, taken together: a junction table of composite keys is asked for every combination.
 */
export function relationKey(relation: BatchedRelationShape): RelationKey | undefined {
  const key = keyOf(relation);
  if (key === undefined || key.ofParent.length === 0 || !key.ofParent.every(isPlain)) return undefined;
  return key;
}

/** Properties that the relation loader of TypeORM would take a parent's key from, as they are now. */
export function keyValues(key: RelationKey, parent: object): readonly unknown[] {
  return key.ofParent.map((column) => column.getEntityValue(parent));
}

/** The alias whose table has the key, once TypeORM has built the statement. */
export function keyAlias({ alias }: RelationKey, { expressionMap }: ShareBuilderShape): string | undefined {
  return alias === 'main' ? expressionMap.mainAlias?.name : expressionMap.joinAttributes[0]?.alias.name;
}

function keyOf(relation: BatchedRelationShape): RelationKey | undefined {
  if (relation.isManyToOne || relation.isOneToOneOwner) {
    const { primaryColumns } = relation.entityMetadata;
    return { ofParent: primaryColumns, inRows: namesOf(primaryColumns), alias: 'joined' };
  }
  if (!relation.isManyToMany) {
    const columns = relation.inverseRelation?.joinColumns ?? [];
    const paths = new Set(columns.map(({ propertyPath }) => propertyPath));
    return paths.size === columns.length ? referenced(columns, 'main') : undefined;
  }
  const columns = relation.isManyToManyOwner
    ? relation.joinColumns
    : (relation.inverseRelation?.inverseJoinColumns ?? []);
  return columns.length === 1 ? referenced(columns, 'joined') : undefined;
}

function referenced(
  columns: readonly KeyColumnShape[],
  alias: RelationKey['alias'],
): RelationKey | undefined {
  const ofParent = columns.flatMap(({ referencedColumn }) => referencedColumn ?? []);
  if (ofParent.length < columns.length) return undefined;
  return { ofParent, inRows: namesOf(columns), alias };
}

function namesOf(columns: readonly KeyColumnShape[]): readonly string[] {
  return columns.map(({ databaseName }) => databaseName);
}

/** A foreign key without a property of its own is read through the relation's accessor, and that would load it. */
function isPlain({ relationMetadata, propertyName }: KeyColumnShape): boolean {
  return relationMetadata?.propertyName !== propertyName;
}
