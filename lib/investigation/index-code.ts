import type { EntityModel, SchemaModel } from '../record/schema-model.js';
import type { DatabaseKind } from './query-plan.js';
import {
  indexTarget,
  quoted,
  quotedTable,
  type IndexDefinition,
  type QuoteCharacter,
  type TableName,
} from './index-definition.js';
import { indexMigration, migrationName } from './index-migration.js';

/** Identifiers of PostgreSQL end there; MySQL's are one longer. */
const MAX_NAME = 63;

/** A name that says what is in it, the same in the entity and in the migration: `IDX_flights_originId_departsAt`. */
export function indexName({ table, columns, where }: IndexDefinition): string {
  const parts = [
    'IDX',
    table.name,
    ...columns.map(({ column }) => column),
    ...(where === undefined ? [] : ['partial']),
  ];
  return parts.join('_').replace(/\W/gu, '_').slice(0, MAX_NAME);
}

/** The entity that maps a table: the base class where several share it. */
export function entityOfTable(
  { table }: Pick<IndexDefinition, 'table'>,
  schema: SchemaModel | undefined,
): EntityModel | undefined {
  const entities = schema?.entities.filter((entity) => entity.table === table.name) ?? [];
  return entities.find(({ parent }) => parent === undefined) ?? entities[0];
}

/** The line above the entity's class, and the migration, ready to paste. */
export function indexCode(
  index: IndexDefinition,
  database: DatabaseKind,
  schema: SchemaModel | undefined,
  /** Milliseconds since the epoch: TypeORM orders migrations by it. */
  at: number,
): string {
  const entity = entityOfTable(index, schema);
  const decorator =
    entity === undefined
      ? []
      : [...fileLine(entity), decoratorLine(index, entity), `export class ${entity.name} { ... }`, ''];
  return [...decorator, ...migrationLines(index, database, at)].join('\n');
}

/** `// dist/flights/flight.entity.js`, where it is known. */
export function fileLine({ file }: Pick<EntityModel, 'file'>): readonly string[] {
  return file === undefined ? [] : [`// ${file}`];
}

/** TypeORM's decorator knows neither directions nor INCLUDE: then the migration alone has them, and TypeORM leaves it alone. */
function decoratorLine(index: IndexDefinition, entity: EntityModel): string {
  const name = `'${indexName(index)}'`;
  const isBeyond = index.include !== undefined || index.columns.some(({ isDescending }) => isDescending);
  const properties = index.columns.map(({ column }) => propertyOf(entity, column));
  if (isBeyond || properties.includes(undefined)) return `@Index(${name}, { synchronize: false })`;
  const columns = properties.map((property) => `'${property ?? ''}'`).join(', ');
  return `@Index(${name}, [${columns}]${index.where === undefined ? '' : `, { where: '${index.where}' }`})`;
}

/** What a decorator calls a column: the relation where the key has no property of its own. */
export function propertyOf({ columns, relations }: EntityModel, column: string): string | undefined {
  const own = columns.find((candidate) => candidate.column === column)?.property;
  const relation = relations.find(({ joinColumns }) => joinColumns.some((join) => join.column === column));
  // TypeORM names such a column `origin.id`.
  const isOfRelation = own === undefined || own.startsWith(`${relation?.property ?? ''}.`);
  return isOfRelation && relation?.joinColumns.length === 1 ? relation.property : own;
}

function migrationLines(index: IndexDefinition, database: DatabaseKind, at: number): readonly string[] {
  const quote = quoteOf(database);
  const name = indexName(index);
  const concurrently = database === 'postgres' ? 'CONCURRENTLY ' : '';
  const create = `CREATE INDEX ${concurrently}${quoted(name, quote)} ${indexTarget(index, quote)}`;
  const migration = {
    name: migrationName('Add', name),
    up: [create],
    down: [dropIndex(index.table, name, database)],
  };
  return indexMigration(migration, database, at);
}

/** What names are quoted with. */
export function quoteOf(database: DatabaseKind): QuoteCharacter {
  return database === 'mysql' || database === 'mariadb' ? '`' : '"';
}

/** The statement that drops an index; on PostgreSQL CONCURRENTLY, where the index is not one of a partitioned table. */
export function dropIndex(
  table: TableName,
  name: string,
  database: DatabaseKind,
  isPartitioned = false,
): string {
  const quote = quoteOf(database);
  if (quote === '`') return `DROP INDEX ${quoted(name, quote)} ON ${quoted(table.name, quote)}`;
  const concurrently = database === 'postgres' && !isPartitioned ? 'CONCURRENTLY ' : '';
  // An index lives in the schema of its table.
  return `DROP INDEX ${concurrently}${quotedTable({ ...table, name })}`;
}
