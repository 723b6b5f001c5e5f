import type { EntityModel, IndexModel, SchemaModel } from '../record/schema-model.js';
import type { ExistingIndex } from './table-facts.js';

/** The entity whose decorator made an index: the base class where several share its table. */
export function declaringEntity(
  { table, name }: Pick<ExistingIndex, 'table' | 'name'>,
  schema: SchemaModel | undefined,
): { readonly entity: EntityModel; readonly declared: IndexModel } | undefined {
  const found = (schema?.entities ?? []).flatMap((entity) => {
    const declared =
      entity.table === table.name ? entity.indexes?.find((index) => index.name === name) : undefined;
    return declared === undefined ? [] : [{ entity, declared }];
  });
  return found.find(({ entity }) => entity.parent === undefined) ?? found[0];
}
