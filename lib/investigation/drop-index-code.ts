import { declaringEntity } from './declaring-entity.js';
import { dropIndex, fileLine, propertyOf, quoteOf } from './index-code.js';
import { quoted, quotedTable } from './index-definition.js';
import type { AdviceContext } from './index-findings.js';
import { indexMigration, migrationName } from './index-migration.js';
import type { DatabaseKind } from './query-plan.js';
import type { ExistingIndex } from './table-facts.js';

/** PostgreSQL describes an index of a partitioned table so. */
const PARTITIONED = /^ONLY /u;

/** The decorator to remove, where an entity declares the index, and the migration that drops it. */
export function dropIndexCode(index: ExistingIndex, { database, schema, at }: AdviceContext): string {
  const found = declaringEntity(index, schema);
  const decorator =
    found === undefined
      ? []
      : [
          ...fileLine(found.entity),
          `// remove from the class, or from the property:`,
          `// @Index(${found.declared.isNamed ? `'${index.name}', ` : ''}[${found.declared.columns.map((column) => `'${propertyOf(found.entity, column) ?? column}'`).join(', ')}])`,
          `export class ${found.entity.name} { ... }`,
          '',
        ];
  const migration = {
    name: migrationName('Drop', index.name),
    up: [dropIndex(index.table, index.name, database, PARTITIONED.test(index.definition))],
    down: [createAgain(index, database)],
  };
  return [...decorator, ...indexMigration(migration, database, at)].join('\n');
}

/** PostgreSQL: the migration that builds an invalid index anew. */
export function rebuildIndexCode(index: ExistingIndex, { database, at }: AdviceContext): string {
  const name = quotedTable({ ...index.table, name: index.name });
  const migration = {
    name: migrationName('Rebuild', index.name),
    up: [`REINDEX INDEX CONCURRENTLY ${name}`],
    down: [],
  };
  return indexMigration(migration, database, at).join('\n');
}

/** As the database describes it. */
function createAgain({ name, definition }: ExistingIndex, database: DatabaseKind): string {
  const isPartitioned = PARTITIONED.test(definition);
  const concurrently = database === 'postgres' && !isPartitioned ? 'CONCURRENTLY ' : '';
  const target = definition.replace(PARTITIONED, '').replace(/^(`(?:[^`]|``)+`) USING btree/u, '$1');
  return `CREATE INDEX ${concurrently}${quoted(name, quoteOf(database))} ON ${target.trim()}`;
}
