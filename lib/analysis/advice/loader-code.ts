import { relationOf } from '../../record/relation-of.js';
import type { SchemaModel } from '../../record/schema-model.js';
import { relationsOption, repositoryOf, type RelationPathNames } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';
import { readKey, whereKeys, type ChildKey } from './child-key.js';

/**
 * One line where the whole relation of a class is wanted, and nothing below it. Undefined for part of a relation, for one in an embedded
 * object, and where TypeORM needs a statement for each parent: a junction table of composite keys.
 */
export function relationLoaderCode(
  load: Pick<RelationLoad, 'entity' | 'property' | 'isFiltered' | 'isFirstRows'>,
  schema: SchemaModel | undefined,
  below: readonly RelationPathNames[],
): string | undefined {
  if (below.length > 0) return undefined;
  const { entity, property, isFiltered, isFirstRows } = load;
  if (entity === undefined || property === undefined || isFiltered === true || isFirstRows) return undefined;
  const relation = relationOf(schema, entity, property);
  if (relation === undefined || property.includes('.') || (relation.junction?.own.length ?? 1) > 1)
    return undefined;
  return `createRelationLoader(dataSource, ${entity}, '${property}')`;
}

/** A DataLoader by hand: by the key of the children. */
export function dataLoaderCode(
  load: RelationLoad,
  key: ChildKey,
  below: readonly RelationPathNames[],
): string {
  const repository = repositoryOf(key.target);
  const paths = key.within === undefined ? below : [[key.property], ...below];
  const relations = paths.length === 0 ? '' : `, relations: ${relationsOption(paths)}`;
  const where = whereKeys(key, 'In([...keys])');
  const pick = load.isToMany ? 'filter' : 'find';
  return (
    `new DataLoader(async (keys) => {\n` +
    `  const rows = await ${repository}.find({ where: ${where}${relations} });\n` +
    `  return keys.map((key) => rows.${pick}((row) => ${readKey('row', key)} === key)${load.isToMany ? '' : ' ?? null'});\n})`
  );
}
