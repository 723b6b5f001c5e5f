import type { EntityModel, JoinColumn, RelationModel, SchemaModel } from '../../record/schema-model.js';
import { dataSourceFacts } from './data-source-facts.js';
import { entityFiles } from './entity-files.js';
import { owningClass } from './owning-class.js';
import type {
  ColumnMetadataShape,
  DataSourceShape,
  EntityMetadataShape,
  RelationMetadataShape,
} from './typeorm-shapes.js';

/** What TypeORM's metadata says of a data source; complete once the data source is initialised. */
export function schemaModel(dataSource: object, name: string): SchemaModel {
  const source = dataSource as DataSourceShape;
  const entities = source.entityMetadatas.filter(isEntity);
  const files = entityFiles(entities.map(({ target }) => target));
  return {
    dataSource: name,
    driver: source.options.type,
    typeormVersion: typeormVersion(source),
    maxConnections: dataSourceFacts(source, name).poolSize,
    entities: entities.map((metadata) => entityModel(metadata, files.get(metadata.target))),
  };
}

/** Query builders of 1.x know their `dataSource`, those of 0.3 their `connection`. */
export function typeormVersion(dataSource: DataSourceShape): '0.3' | '1' {
  const builder = dataSource.createQueryBuilder() as { dataSource?: unknown };
  return builder.dataSource === undefined ? '0.3' : '1';
}

/** Tables that TypeORM makes for many-to-many relations and closure trees are part of a relation, no entity. */
function isEntity(metadata: EntityMetadataShape): boolean {
  return metadata.tableType !== 'junction' && metadata.tableType !== 'closure-junction';
}

function entityModel(metadata: EntityMetadataShape, file: string | undefined): EntityModel {
  return {
    name: metadata.name,
    table: metadata.tableName,
    schema: metadata.schema,
    ...(metadata.tableType === 'view' ? { isView: true } : {}),
    parent: metadata.tableType === 'entity-child' ? metadata.parentEntityMetadata?.name : undefined,
    columns: metadata.columns.map((column) => ({
      property: column.propertyPath,
      column: column.databaseName,
      isPrimary: column.isPrimary,
    })),
    ...indexesOf(metadata),
    ...(Object.keys(metadata.orderBy ?? {}).length === 0 ? {} : { isSorted: true }),
    ...(file === undefined ? {} : { file }),
    relations: metadata.relations.map((relation) => relationModel(relation, metadata)),
  };
}

function indexesOf({ indices = [] }: EntityMetadataShape): Pick<EntityModel, 'indexes'> {
  const indexes = indices.map(({ name, givenName, columns }) => ({
    name,
    isNamed: givenName !== undefined,
    columns: columns.map(({ databaseName }) => databaseName),
  }));
  return indexes.length === 0 ? {} : { indexes };
}

function relationModel(relation: RelationMetadataShape, metadata: EntityMetadataShape): RelationModel {
  const owner = owningClass(metadata, relation);
  return {
    property: relation.propertyPath,
    kind: relation.relationType,
    target: relation.inverseEntityMetadata.name,
    isOwning: relation.isOwning,
    isLazy: relation.isLazy,
    isEager: relation.isEager,
    inverse: relation.inverseRelation?.propertyPath,
    joinColumns: relation.isManyToMany || !relation.isOwning ? [] : relation.joinColumns.map(joinColumn),
    junction: junctionOf(relation),
    ...(owner === metadata ? {} : { declaredBy: owner.name }),
  };
}

function junctionOf(relation: RelationMetadataShape): RelationModel['junction'] {
  if (!relation.isManyToMany || relation.junctionEntityMetadata === undefined) return undefined;
  // The owning side names the columns; on the other side they change places.
  const owning = relation.isOwning ? relation : relation.inverseRelation;
  const owner = (owning?.joinColumns ?? []).map(joinColumn);
  const inverse = (owning?.inverseJoinColumns ?? []).map(joinColumn);
  return {
    table: relation.junctionEntityMetadata.tableName,
    own: relation.isOwning ? owner : inverse,
    other: relation.isOwning ? inverse : owner,
  };
}

function joinColumn(column: ColumnMetadataShape): JoinColumn {
  return { column: column.databaseName, references: column.referencedColumn?.databaseName ?? '' };
}
