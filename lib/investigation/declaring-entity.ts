import type { EntityModel, IndexModel, SchemaModel } from '../record/schema-model.js';
import { entitiesOfTable } from './entity-of-table.js';
import type { ExistingIndex } from './table-facts.js';

/** The entity whose decorator made an index: the base class where several share its table. */
export function declaringEntity(
  { table, name }: Pick<ExistingIndex, 'table' | 'name'>,
  schema: SchemaModel | undefined,
): { readonly entity: EntityModel; readonly declared: IndexModel } | undefined {
  for (const entity of entitiesOfTable(table, schema)) {
    const declared = entity.indexes?.find((index) => index.name === name);
    if (declared !== undefined) return { entity, declared };
  }
  return undefined;
}
