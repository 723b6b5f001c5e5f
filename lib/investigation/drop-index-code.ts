import { declaringEntity } from './declaring-entity.js';
import { fileLine, propertyOf } from './index-code.js';
import { quotedTable } from './index-definition.js';
import type { AdviceContext } from './advice-context.js';
import { indexMigration, migrationName, runs } from './index-migration.js';
import { createIndex, dropIndex, type NamedIndex } from './index-statements.js';
import type { ExistingIndex } from './table-facts.js';

/** PostgreSQL describes an index of a partitioned table so. */
const PARTITIONED = /^ONLY /u;
/** What stands there behind the table. */
const METHOD = / USING \w+ \(/u;
/** As this library describes one of MySQL. */
const MYSQL = /^`(?:[^`]|``)+` USING (\w+) (.*)$/su;

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
    up: [runs(dropIndex(index.table, index.name, database, PARTITIONED.test(index.definition)))],
    down: createIndex(asDescribed(index), database),
  };
  return [...decorator, ...indexMigration(migration, database, at)].join('\n');
}

/** PostgreSQL: the migration that builds an invalid index anew. */
export function rebuildIndexCode(index: ExistingIndex, { database, at }: AdviceContext): string {
  const name = quotedTable({ ...index.table, name: index.name });
  const migration = {
    name: migrationName('Rebuild', index.name),
    up: [runs(`REINDEX INDEX CONCURRENTLY ${name}`)],
    down: [],
  };
  return indexMigration(migration, database, at).join('\n');
}

/** As the database describes it: `public.flights USING btree ("originId")`. */
function asDescribed(index: ExistingIndex): NamedIndex {
  const { name, definition } = index;
  const mysql = MYSQL.exec(definition);
  if (mysql !== null) return ofMysql(index, mysql[1] ?? '', mysql[2] ?? '');
  const isPartitioned = PARTITIONED.test(definition);
  const target = definition.replace(PARTITIONED, '').trim();
  const end = isPartitioned ? target.search(METHOD) : target.length;
  return { name, table: target.slice(0, end), keys: target.slice(end).trim(), isPartitioned };
}

function ofMysql({ name, table }: ExistingIndex, method: string, keys: string): NamedIndex {
  const index = { name, table: quotedTable(table, '`'), isPartitioned: false };
  if (method === 'btree') return { ...index, keys };
  return method === 'hash'
    ? { ...index, keys: `${keys} USING HASH` }
    : { ...index, keys, kind: method === 'fulltext' ? 'FULLTEXT' : 'SPATIAL' };
}
