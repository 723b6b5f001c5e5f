import type { EntityModel, RelationModel, SchemaModel } from './schema-model.js';

/** The entity of a class name; undefined where the schema is not known, or has none of that name. */
export function entityOf(schema: SchemaModel | undefined, name: string | undefined): EntityModel | undefined {
  return schema?.entities.find((entity) => entity.name === name);
}

/** The relation of a class, by property; undefined where either is not known. */
export function relationOf(
  schema: SchemaModel | undefined,
  entity: string | undefined,
  property: string | undefined,
): RelationModel | undefined {
  return entityOf(schema, entity)?.relations.find((relation) => relation.property === property);
}
