import { entityOf, relationOf } from '../../record/relation-of.js';
import type { EntityModel, RelationModel, SchemaModel } from '../../record/schema-model.js';
import { repositoryOf, variableOf } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';

/** The property of the children that holds the parents' key, and how it is written in code. */
export interface ChildKey {
  /** Class of the children. */
  readonly target: string;
  /** Database column: `productId`. */
  readonly column: string;
  /** `productId`, or `product` where the foreign key has no property of its own. */
  readonly property: string;
  /** The key within the relation: `id` of `product: { id }`; absent where the foreign key is a property itself. */
  readonly within?: string;
  /** Of the parent: the property whose values are asked for. */
  readonly parentProperty: string;
}

/**
 * By what the children of a relation can be asked for, for all parents at once. Undefined for keys of several columns,
 * for many-to-many relations without an inverse side, and where the schema does not know the relation.
 */
export function childKey(load: RelationLoad, schema: SchemaModel | undefined): ChildKey | undefined {
  const owner = entityOf(schema, load.entity);
  const relation = relationOf(schema, load.entity, load.property);
  const target = entityOf(schema, relation?.target ?? load.key?.entity);
  if (target === undefined) return undefined;
  if (owner !== undefined && relation !== undefined) return relationKey(owner, relation, target);
  return load.key === undefined ? undefined : propertyKey(target, load.key.property);
}

function relationKey(owner: EntityModel, relation: RelationModel, target: EntityModel): ChildKey | undefined {
  if (relation.isOwning && relation.joinColumns.length === 1) {
    const [join] = relation.joinColumns;
    const column = join?.references ?? 'id';
    const parentProperty = propertyOf(owner, join?.column ?? '');
    return { target: target.name, column, property: propertyOf(target, column), parentProperty };
  }
  const inverse = target.relations.find(({ property }) => property === relation.inverse);
  if (inverse === undefined) return undefined;
  if (relation.junction !== undefined) return junctionKey(owner, relation.junction, target, inverse);
  const [join] = inverse.joinColumns;
  if (join === undefined || inverse.joinColumns.length > 1) return undefined;
  const property = propertyOf(target, join.column);
  const parentProperty = propertyOf(owner, join.references);
  // TypeORM's metadata calls a foreign key without a property of its own `product.id`.
  const isRelation = property === inverse.property || property.startsWith(`${inverse.property}.`);
  return {
    target: target.name,
    column: join.column,
    parentProperty,
    ...(isRelation ? { property: inverse.property, within: parentProperty } : { property }),
  };
}

function junctionKey(
  owner: EntityModel,
  junction: NonNullable<RelationModel['junction']>,
  target: EntityModel,
  inverse: RelationModel,
): ChildKey | undefined {
  const [join] = junction.own;
  if (join === undefined || junction.own.length > 1) return undefined;
  const within = propertyOf(owner, join.references);
  return {
    target: target.name,
    column: join.column,
    property: inverse.property,
    within,
    parentProperty: within,
  };
}

function propertyKey(target: EntityModel, property: string): ChildKey | undefined {
  const column = target.columns.find((candidate) => candidate.property === property)?.column;
  return column === undefined
    ? undefined
    : { target: target.name, column, property, parentProperty: property };
}

function propertyOf(entity: EntityModel, column: string): string {
  return entity.columns.find((candidate) => candidate.column === column)?.property ?? column;
}

/** `reviewRepository.findBy({ productId: In(ids) })`. */
export function findByKeys(key: ChildKey, values: string): string {
  return `${repositoryOf(key.target)}.findBy(${whereKeys(key, `In(${values})`)})`;
}

/** `{ productId: In(ids) }`, `{ product: { id: In(ids) } }`, `{ address: { city: In(cities) } }`. */
export function whereKeys({ property, within }: ChildKey, values: string): string {
  const path = within === undefined ? property.split('.') : [...property.split('.'), within];
  return path.reduceRight((inner, name) => `{ ${name}: ${inner} }`, values);
}

/** `ids`, `authorIds`, `values`: a name for the list of the parents' values. */
export function keysName({ parentProperty }: ChildKey): string {
  const name = parentProperty.split('.').at(-1) ?? '';
  return /id$/i.test(name) ? `${variableOf(name)}s` : 'values';
}

/** `review.productId`, `review.product.id`: the key of one child. */
export function readKey(variable: string, { property, within }: ChildKey): string {
  return within === undefined ? `${variable}.${property}` : `${variable}.${property}.${within}`;
}
