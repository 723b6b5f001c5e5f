import type { SchemaModel } from '../record/schema-model.js';
import type { TableName } from './index-definition.js';

/** Tables of the entities of a data source, and those that TypeORM makes for many-to-many relations. */
export function schemaTables({ entities }: SchemaModel): readonly TableName[] {
  const tables = entities.flatMap(({ table, schema, relations }) => {
    const inSchema = schema === undefined ? {} : { schema };
    const junctions = relations.flatMap(({ junction }) =>
      junction === undefined ? [] : { ...inSchema, name: junction.table },
    );
    return [{ ...inSchema, name: table }, ...junctions];
  });
  return [...new Map(tables.map((table) => [JSON.stringify(table), table])).values()];
}
