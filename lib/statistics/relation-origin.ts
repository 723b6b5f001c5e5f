import { entityOf, relationOf } from '../record/relation-of.js';
import { isBackReference } from '../analysis/back-reference.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import { listCall } from '../analysis/list-call.js';
import { pathsBelow } from '../analysis/paths-below.js';
import type { RelationLoad } from '../analysis/relation-load.js';
import type { EntityModel, RelationModel, SchemaModel } from '../record/schema-model.js';
import type { RelationIdentity, RelationOrigin } from './relation-statistics.js';

/** Where the parents of a load came from; undefined when that was not seen. */
export function relationOrigin(load: RelationLoad, unit: AnalysedUnit): RelationOrigin | undefined {
  const list = listCall(load, unit);
  if (load.parentBatch === undefined && list === undefined) return undefined;
  const below = pathsBelow(load, unit);
  return {
    ...(list === undefined ? {} : { list }),
    path: unit.batches.path(load.parentBatch),
    ...(below.length === 0 ? {} : { below }),
    isBackReference: isBackReference(load, unit),
  };
}

/** What tells a load from others in the statistics, with what the schema says of its relation. */
export function relationIdentity(
  load: RelationLoad,
  route: string,
  schema: SchemaModel | undefined,
): RelationIdentity {
  const { relation, strategy, dataSource, entity, property, isToMany, isCount } = load;
  const known = { route, relation, strategy, dataSource, entity, property, isToMany, isCount };
  return { ...known, ...declaredAs(load, schema) };
}

function declaredAs(
  { entity, property, target }: RelationLoad,
  schema: SchemaModel | undefined,
): Pick<RelationIdentity, 'target' | 'inverse' | 'isPaired'> {
  const model = entityOf(schema, entity);
  const relation = relationOf(schema, entity, property);
  if (model === undefined || relation === undefined) return { target };
  return { target: relation.target, inverse: relation.inverse, isPaired: isPaired(model, relation, schema) };
}

/**
 * Whether the query strategy needs a statement for the pairs of ids: not where the parents carry the foreign key in a
 * property of their own, nor where the children's foreign key is their primary key.
 */
function isPaired(
  { columns }: EntityModel,
  relation: RelationModel,
  schema: SchemaModel | undefined,
): boolean {
  if (relation.junction !== undefined) return true;
  if (!relation.isOwning) return !isKeyOfChildren(relation, schema);
  return relation.joinColumns.some((join) => {
    const property = columns.find(({ column }) => column === join.column)?.property ?? relation.property;
    return property === relation.property || property.startsWith(`${relation.property}.`);
  });
}

function isKeyOfChildren({ target, inverse }: RelationModel, schema: SchemaModel | undefined): boolean {
  const foreign = relationOf(schema, target, inverse)?.joinColumns.map(({ column }) => column) ?? [];
  const primary = entityOf(schema, target)?.columns.filter(({ isPrimary }) => isPrimary) ?? [];
  return foreign.length === primary.length && primary.every(({ column }) => foreign.includes(column));
}
