import type { EntityModel } from '../record/schema-model.js';
import type { AdviceContext } from './advice-context.js';
import { indexKeys, quotedTable, type IndexDefinition } from './index-definition.js';
import { indexMigration, literal, migrationName, runs } from './index-migration.js';
import { indexName } from './index-name.js';
import { entityOfTable } from './entity-of-table.js';
import { createIndex, dropIndex, quoteOf } from './index-statements.js';
import type { TableFacts } from './table-facts.js';

/** The line above the entity's class, and the migration, ready to paste. `facts`: of the index's table, where they are known. */
export function indexCode(
  index: IndexDefinition,
  facts: TableFacts | undefined,
  context: AdviceContext,
): string {
  const entity = entityOfTable(index.table, context.schema);
  const name = indexName(index, facts);
  const decorator =
    entity === undefined
      ? []
      : [...fileLine(entity), decoratorLine(index, name, entity), `export class ${entity.name} { ... }`, ''];
  return [...decorator, ...migrationLines(index, name, facts?.isPartitioned === true, context)].join('\n');
}

/** `// dist/flights/flight.entity.js`, where it is known. */
export function fileLine({ file }: Pick<EntityModel, 'file'>): readonly string[] {
  return file === undefined ? [] : [`// ${file}`];
}

/** TypeORM's decorator knows neither directions nor INCLUDE: then the migration alone has them, and TypeORM leaves it alone. */
function decoratorLine(index: IndexDefinition, indexName: string, entity: EntityModel): string {
  const name = `'${indexName}'`;
  const isBeyond = index.include !== undefined || index.columns.some(({ isDescending }) => isDescending);
  const properties = index.columns.map(({ column }) => propertyOf(entity, column));
  if (isBeyond || properties.includes(undefined)) return `@Index(${name}, { synchronize: false })`;
  const columns = properties.map((property) => `'${property ?? ''}'`).join(', ');
  return `@Index(${name}, [${columns}]${index.where === undefined ? '' : `, { where: ${literal(index.where)} }`})`;
}

/** What a decorator calls a column: the relation where the key has no property of its own. */
export function propertyOf({ columns, relations }: EntityModel, column: string): string | undefined {
  const own = columns.find((candidate) => candidate.column === column)?.property;
  const relation = relations.find(({ joinColumns }) => joinColumns.some((join) => join.column === column));
  // TypeORM names such a column `origin.id`.
  const isOfRelation = own === undefined || own.startsWith(`${relation?.property ?? ''}.`);
  return isOfRelation && relation?.joinColumns.length === 1 ? relation.property : own;
}

function migrationLines(
  index: IndexDefinition,
  name: string,
  isPartitioned: boolean,
  { database, at }: AdviceContext,
): readonly string[] {
  const quote = quoteOf(database);
  const table = quotedTable(index.table, quote);
  const migration = {
    name: migrationName('Add', name),
    up: createIndex({ name, table, keys: indexKeys(index, quote), isPartitioned }, database),
    down: [runs(dropIndex(index.table, name, database, isPartitioned))],
  };
  return indexMigration(migration, database, at);
}
