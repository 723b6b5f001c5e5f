import { MAX_KEY_WIDTH, type ExistingIndex, type TableFacts } from '../../investigation/table-facts.js';
import type { TableName } from '../../investigation/index-definition.js';
import type { SendQuery } from '../../investigation/sql-session.js';
import { FACTS_QUERY } from './facts-query.js';

interface RawFacts extends Omit<TableFacts, 'table' | 'columns' | 'indexes' | 'scansSince'> {
  readonly schema: string;
  readonly name: string;
  readonly scansSince: number | null;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly typeName: string;
    readonly category: string;
    /** A b-tree can hold it. */
    readonly isSortable: boolean;
    readonly width: number | null;
  }[];
  readonly indexes: readonly (Omit<ExistingIndex, 'table' | 'predicate' | 'scans'> & {
    readonly predicate: string | null;
    readonly scans: number | null;
  })[];
}

/** Types whose values a b-tree cannot hold, or whose searches it cannot serve. */
const NO_BTREE =
  /^(?:json|jsonb|xml|hstore|tsvector|tsquery|point|line|lseg|box|path|polygon|circle|geometry|geography|vector|halfvec|sparsevec)$/u;
const ARRAY = 'A';

/** Asks PostgreSQL's catalogs. */
export async function readPostgresFacts(
  query: SendQuery,
  tables: readonly TableName[],
): Promise<readonly TableFacts[]> {
  const names = tables.map(({ schema, name }) => (schema === undefined ? name : `${schema}.${name}`));
  if (names.length === 0) return [];
  const rows = await query(FACTS_QUERY, [names]);
  return rows.map(({ facts }) => tableFacts(facts as RawFacts));
}

function tableFacts({ schema, name, columns, indexes, scansSince, ...rest }: RawFacts): TableFacts {
  const table = { schema, name };
  return {
    ...rest,
    table,
    ...(scansSince === null ? {} : { scansSince }),
    columns: columns.map(({ name: column, type, typeName, category, isSortable, width }) => ({
      name: column,
      type,
      isIndexable:
        isSortable && (width ?? 0) <= MAX_KEY_WIDTH && category !== ARRAY && !NO_BTREE.test(typeName),
      ...(width === null ? {} : { width }),
    })),
    indexes: indexes.map(({ predicate, scans, ...index }) => ({
      ...index,
      table,
      ...(predicate === null ? {} : { predicate }),
      ...(scans === null ? {} : { scans }),
    })),
  };
}
