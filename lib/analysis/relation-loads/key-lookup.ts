import type { EntityLoadRecord } from '../../record/load-record.js';
import type { ColumnPair, TableReference } from '../../sql/statement.js';
import type { KeptPredicate } from '../kept-statement.js';
import type { LoadTree } from '../load-tree.js';
import { resolveValue, type ValueKey } from '../query-values.js';
import type { AnalysedQuery } from '../relation-load.js';

/** `table.column = value`, or `IN (values)`, restricting everything a lookup reads. */
export interface LookupKey {
  readonly table: string;
  readonly column: string;
  /** The first values. */
  readonly values: readonly ValueKey[];
  /** How many values the key has. */
  readonly count: number;
  /** Written as a list: `IN (...)`, `= ANY(...)`. */
  readonly isList: boolean;
}

/** A read of the user's own code that is restricted by the value of a column: `findOneBy({ id })`, raw SQL alike. */
export interface KeyLookup {
  /** The statement that carries the key. */
  readonly main: AnalysedQuery;
  /** All statements of the one call. */
  readonly queries: readonly AnalysedQuery[];
  readonly load?: EntityLoadRecord;
  /** The table whose rows are read. */
  readonly table: string;
  readonly keys: readonly LookupKey[];
}

/** The lookups of a unit in the order in which they started. */
export function keyLookups(tree: LoadTree): readonly KeyLookup[] {
  const lookups: KeyLookup[] = [];
  for (const query of tree.queries) {
    if (!isPlainRead(query)) continue;
    const outermost = tree.outermost(query.record.load);
    if (outermost !== undefined && outermost.kind !== 'entities') continue;
    // A call's first statement that is not pagination's id query stands for the call.
    if (outermost !== undefined && mainOf(tree.queriesWithin(outermost.id)) !== query) continue;
    const queries = outermost === undefined ? [query] : tree.queriesWithin(outermost.id);
    const lookup = lookupOf(query, queries, outermost);
    if (lookup !== undefined) lookups.push(lookup);
  }
  return lookups;
}

/** A read that may be judged by its values: it worked, it takes no locks and it is not a stream. */
export function isPlainRead({ record, statement }: AnalysedQuery): boolean {
  return (
    statement.kind === 'select' &&
    record.error === undefined &&
    record.via === 'query' &&
    !statement.isLocking &&
    !statement.isDistinctIds &&
    statement.tables.length > 0
  );
}

/** The table a statement reads its rows from: the first of the outermost FROM. */
export function mainTable({ statement }: AnalysedQuery): TableReference | undefined {
  const depth = Math.min(...statement.tables.map((table) => table.depth));
  return statement.tables.find((table) => table.depth === depth && table.access === 'read');
}

function mainOf(queries: readonly AnalysedQuery[]): AnalysedQuery | undefined {
  return queries.find(isPlainRead);
}

function lookupOf(
  main: AnalysedQuery,
  queries: readonly AnalysedQuery[],
  load: EntityLoadRecord | undefined,
): KeyLookup | undefined {
  const table = mainTable(main);
  if (table === undefined) return undefined;
  const keys = withoutPage(main.statement.predicates, queries)
    .filter((predicate) => isKey(predicate, table.depth))
    .flatMap((predicate) => keyOf(main, table, predicate));
  return keys.length === 0 ? undefined : { main, queries, load, table: table.name, keys };
}

/** The ids of a page, which TypeORM reads first for `take` with joins and puts last, are no keys of the user's. */
function withoutPage(
  predicates: readonly KeptPredicate[],
  queries: readonly AnalysedQuery[],
): readonly KeptPredicate[] {
  if (!queries.some(({ statement }) => statement.isDistinctIds)) return predicates;
  const page = predicates.findLast(({ operator }) => operator === 'in');
  return predicates.filter((predicate) => predicate !== page);
}

function isKey(predicate: KeptPredicate, depth: number): boolean {
  return (
    predicate.isConjunct &&
    predicate.depth === depth &&
    predicate.clause !== 'having' &&
    (predicate.operator === '=' || predicate.operator === 'in')
  );
}

function keyOf(main: AnalysedQuery, table: TableReference, predicate: KeptPredicate): readonly LookupKey[] {
  const values = predicate.values.flatMap((value) => resolveValue(main, value) ?? []);
  if (values.length === 0) return [];
  const place = placeOf(main, table, predicate);
  const count = predicate.valueCount ?? predicate.values.length;
  return [{ ...place, values, count, isList: predicate.operator === 'in' }];
}

/** `author.id = 1` where `author.id` is joined to `book.authorId` is a key on `book.authorId`. */
function placeOf(
  main: AnalysedQuery,
  table: TableReference,
  { qualifier, column }: KeptPredicate,
): { readonly table: string; readonly column: string } {
  if (qualifier === undefined || isNamed(table, qualifier)) return { table: table.name, column };
  for (const { left, right } of main.statement.columnPairs) {
    if (isColumn(left, qualifier, column) && isIn(table, right))
      return { table: table.name, column: right.column };
    if (isColumn(right, qualifier, column) && isIn(table, left))
      return { table: table.name, column: left.column };
  }
  const other = main.statement.tables.find((candidate) => isNamed(candidate, qualifier));
  return { table: other?.name ?? qualifier, column };
}

/** Whether a statement joins a table to the rows it reads without another one in between. */
export function isJoinedToMain(query: AnalysedQuery, table: string): boolean {
  const main = mainTable(query);
  const joined = query.statement.tables.filter(({ name }) => name === table);
  const isPair = (one: ColumnPair['left'], other: ColumnPair['left']): boolean =>
    main !== undefined && isIn(main, one) && joined.some((candidate) => isIn(candidate, other));
  return query.statement.columnPairs.some(({ left, right }) => isPair(left, right) || isPair(right, left));
}

/** Whether a statement joins a column of a table to the rows it reads: `tag_articles.tagId = tag.id`. */
export function joinsToMain(
  query: AnalysedQuery,
  isTable: (name: string) => boolean,
  column: string,
): boolean {
  const main = mainTable(query);
  const { tables, columnPairs } = query.statement;
  const joined = tables.filter(({ name }) => isTable(name));
  if (main === undefined || joined.length === 0) return false;
  const isJoin = (one: ColumnPair['left'], other: ColumnPair['left']): boolean =>
    one.column === column && joined.some((table) => isIn(table, one)) && isIn(main, other);
  return columnPairs.some(({ left, right }) => isJoin(left, right) || isJoin(right, left));
}

function isColumn(operand: ColumnPair['left'], qualifier: string, column: string): boolean {
  return operand.qualifier === qualifier && operand.column === column;
}

function isIn(table: TableReference, operand: ColumnPair['left']): boolean {
  return operand.qualifier !== undefined && isNamed(table, operand.qualifier);
}

function isNamed(table: TableReference, qualifier: string): boolean {
  return (table.alias ?? table.name) === qualifier;
}
