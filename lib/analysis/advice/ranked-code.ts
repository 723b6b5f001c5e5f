import { entityOf } from '../../record/relation-of.js';
import type { EntityModel, SchemaModel } from '../../record/schema-model.js';
import type { ChildKey } from './child-key.js';

/**
 * The first rows of each parent, in one statement. Undefined where the foreign key stands in a junction table, and where
 * the schema does not know the children.
 */
export function rankedCode(
  key: ChildKey | undefined,
  schema: SchemaModel | undefined,
  rows: number,
): string | undefined {
  const target = entityOf(schema, key?.target);
  if (target === undefined || key === undefined || !hasColumn(target, key.column)) return undefined;
  const mark = /mysql|mariadb/.test(schema?.driver ?? '') ? '`' : '"';
  const quoted = (name: string): string => mark + name + mark;
  const from =
    target.schema === undefined ? quoted(target.table) : `${quoted(target.schema)}.${quoted(target.table)}`;
  return (
    'dataSource.query(\n' +
    `  'SELECT * FROM (SELECT t.*, row_number() OVER (PARTITION BY ${quoted(key.column)} ORDER BY ...) AS place FROM ${from} t) ranked ' +\n` +
    `    'WHERE place ${rows === 1 ? '=' : '<='} ${rows}',\n)`
  );
}

/** The foreign key stands in the children's own table, not in a junction table. */
function hasColumn(target: EntityModel, column: string): boolean {
  return (
    target.columns.some((own) => own.column === column) ||
    target.relations.some((own) => own.joinColumns.some((join) => join.column === column))
  );
}
