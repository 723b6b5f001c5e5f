import type { EntityModel, SchemaModel } from '../record/schema-model.js';
import type { TableName } from './index-definition.js';

/** Entities that map a table: first those that name its schema, and base classes before those that share their table. */
export function entitiesOfTable(
  { name, schema }: TableName,
  model: SchemaModel | undefined,
): readonly EntityModel[] {
  const rank = (entity: EntityModel): number =>
    (entity.schema === schema ? 0 : 2) + (entity.parent === undefined ? 0 : 1);
  return (model?.entities ?? [])
    .filter(
      (entity) =>
        entity.table === name &&
        (entity.schema === undefined || schema === undefined || entity.schema === schema),
    )
    .sort((a, b) => rank(a) - rank(b));
}

/** The entity that maps a table: the base class where several share it. */
export function entityOfTable(table: TableName, model: SchemaModel | undefined): EntityModel | undefined {
  return entitiesOfTable(table, model)[0];
}
