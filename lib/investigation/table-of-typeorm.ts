import type { SchemaModel } from '../record/schema-model.js';
import type { TableName } from './index-definition.js';

/**
 * Whether TypeORM itself makes a table, the junction of a many-to-many relation or the closure of a tree: it declares their
 * indexes, and would make them again.
 */
export function isTableOfTypeorm({ name }: TableName, schema: SchemaModel | undefined): boolean {
  return (schema?.entities ?? []).some(
    ({ table, relations }) =>
      `${table}_closure` === name || relations.some(({ junction }) => junction?.table === name),
  );
}
