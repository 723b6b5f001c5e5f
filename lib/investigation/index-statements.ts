import { quoted, quotedTable, type QuoteCharacter, type TableName } from './index-definition.js';
import { literal, runs } from './index-migration.js';
import type { DatabaseKind } from './query-plan.js';

/** An index as CREATE INDEX is told of it. */
export interface NamedIndex {
  readonly name: string;
  /** In quotes, with its schema; of an existing index that is not partitioned, with all that stands behind it. */
  readonly table: string;
  /** What stands behind the table: `("originId") WHERE ...`. */
  readonly keys: string;
  /** PostgreSQL: its table is split into partitions. */
  readonly isPartitioned: boolean;
  /** MySQL: not an ordinary index. */
  readonly kind?: 'FULLTEXT' | 'SPATIAL';
}

/** What names are quoted with. */
export function quoteOf(database: DatabaseKind): QuoteCharacter {
  return database === 'mysql' || database === 'mariadb' ? '`' : '"';
}

/** The lines of a migration that make an index, without locking writers out for as long as that takes where the database can. */
export function createIndex(index: NamedIndex, database: DatabaseKind): readonly string[] {
  const { name, table, keys, isPartitioned, kind } = index;
  const target = `${quoted(name, quoteOf(database))} ON ${table} ${keys}`.trim();
  if (database !== 'postgres') return [runs(`CREATE ${kind === undefined ? '' : `${kind} `}INDEX ${target}`)];
  return isPartitioned
    ? [...indexPartitions(index), runs(`CREATE INDEX ${target}`)]
    : [runs(`CREATE INDEX CONCURRENTLY ${target}`)];
}

/**
 * PostgreSQL takes indexes over that its partitions have already. Which those are is asked when the migration runs: each
 * environment has its own. Partitions that are foreign tables have no indexes.
 */
function indexPartitions({ table, keys }: NamedIndex): readonly string[] {
  const tree = `SELECT oid::regclass AS name FROM pg_partition_tree('${table.replaceAll("'", "''")}') JOIN pg_class ON oid = relid WHERE relkind = 'r'`;
  return [
    '// A partitioned table takes no CONCURRENTLY: so index each partition, then the table, which takes those indexes over.',
    `const partitions = await queryRunner.query(${literal(tree)});`,
    'for (const { name } of partitions)',
    `  await queryRunner.query(${literal('CREATE INDEX CONCURRENTLY ON ')} + name + ${literal(` ${keys}`)});`,
  ];
}

/** The statement that drops an index; on PostgreSQL CONCURRENTLY, where the index is not one of a partitioned table. */
export function dropIndex(
  table: TableName,
  name: string,
  database: DatabaseKind,
  isPartitioned: boolean,
): string {
  const quote = quoteOf(database);
  if (quote === '`') return `DROP INDEX ${quoted(name, quote)} ON ${quotedTable(table, quote)}`;
  const concurrently = database === 'postgres' && !isPartitioned ? 'CONCURRENTLY ' : '';
  // An index lives in the schema of its table.
  return `DROP INDEX ${concurrently}${quotedTable({ ...table, name })}`;
}
