import { tableKey, type RelationPath, type SchemaIndex } from '../schema-index.js';
import { isJoinedToMain, joinsToMain, type KeyLookup, type LookupKey } from './key-lookup.js';
import type { SourceColumn } from './source-column.js';

/** Why a value in one column may be the value of a lookup by another. */
export interface Tie {
  readonly column: SourceColumn;
  /** 3: the schema joins the two columns. 2: the same column of the same table. 1: only name or value say so. */
  readonly strength: 1 | 2 | 3;
  /** The relation that the two columns make, where the schema knows one. */
  readonly path?: RelationPath;
  /** Holds only for a value that nobody has by chance. */
  readonly needsTellingValue?: true;
  /** Holds only for rows of a statement that reads this table. */
  readonly needsTable?: string;
  /** A tie that a loop over constants could make by chance: the lookups must follow the order of the rows. */
  readonly isWeak: boolean;
}

/** The ties between a column of earlier rows and a key of a lookup, strongest first. */
export function tiesOf(
  lookup: KeyLookup,
  key: LookupKey,
  column: SourceColumn,
  schema: SchemaIndex | undefined,
): readonly Tie[] {
  const child = schema?.ofTable(key.table);
  if (schema !== undefined && column.entity !== undefined) {
    const given = lookup.keys.filter(({ table }) => table === key.table).map((each) => each.column);
    const join = schema.between(column.entity, column.column, key.table, key.column, given);
    if (join !== undefined) {
      const path = leadsToRows(lookup, key.table) ? join.path : undefined;
      return [{ column, strength: 3, path, isWeak: false }];
    }
    if (child !== undefined && child.table === column.entity.table && column.column === key.column) {
      const isPrimary = schema.isPrimary(child, key.column);
      const path =
        schema.soleRelation(column.entity, lookup.table, key.table) ??
        schema.throughJoined(column.entity, (table, name) =>
          joinsToMain(lookup.main, (given) => tableKey(given) === table, name),
        );
      return [{ column, strength: 2, path, isWeak: !isPrimary }];
    }
  }
  if (isAncestorKey(key)) return isPrimaryColumn(column) ? [{ column, strength: 1, isWeak: false }] : [];
  if (namesMatch(column.column, key)) return [{ column, strength: 1, isWeak: true }];
  const telling: Tie = { column, strength: 1, isWeak: true, needsTellingValue: true };
  const path =
    column.entity === undefined && child !== undefined ? schema?.inverseOf(child, key.column) : undefined;
  return path === undefined
    ? [telling]
    : [{ column, strength: 1, isWeak: true, path, needsTable: path.entity.table }, telling];
}

/** The key is on the table that is read, or on a junction or entity next to it: further away, the rows are of no relation of the parent's. */
function leadsToRows({ main, table }: KeyLookup, keyTable: string): boolean {
  return table === keyTable || isJoinedToMain(main, keyTable);
}

/** The column of a closure table that TypeORM's tree repositories look up by. */
export function isAncestorKey(key: LookupKey): boolean {
  return key.column.endsWith('_ancestor');
}

/** Text that nobody has by chance: identifiers, names, codes; not numbers, flags or single letters. */
export function isTelling(value: string): boolean {
  return value.length >= 3 && !/^[-+]?[\d.]+$/.test(value) && value !== 'true' && value !== 'false';
}

function isPrimaryColumn({ entity, column }: SourceColumn): boolean {
  return entity?.columns.some((candidate) => candidate.isPrimary && candidate.column === column) === true;
}

/** `authorId`, `author_id` or `id` against `author.id`; `author_id` against `book.author_id`. */
function namesMatch(name: string, key: LookupKey): boolean {
  const given = bare(name);
  const column = bare(key.column);
  const table = bare(key.table);
  if (given === column) return column !== 'id';
  return (
    given === table + column || given + 's' === table + column || given === table.replace(/s$/, '') + column
  );
}

function bare(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
