import { indexKey, quoted, type IndexColumn, type IndexDefinition } from './index-definition.js';
import type { IndexNeed } from './index-need.js';
import type { TableFacts } from './table-facts.js';

export const MAX_INDEX_COLUMNS = 3;
/** Columns of a kind that are tried; a statement that asks for more of one table is rare. */
const MAX_EQUAL = 4;
const MAX_RANGE = 2;

/**
 * Indexes worth trying for one need, narrowest first: columns compared by equality, then one range or the order. A b-tree
 * can search by no other sequence.
 */
export function indexCandidates(need: IndexNeed, facts: TableFacts): readonly IndexDefinition[] {
  const isIndexable = (name: string): boolean =>
    facts.columns.some((column) => column.name === name && column.isIndexable);
  const equal = [...need.equal, ...need.joined].filter(isIndexable).slice(0, MAX_EQUAL);
  const range = need.range.filter(isIndexable).slice(0, MAX_RANGE);
  const sort = need.sort.every(({ column }) => isIndexable(column)) ? sortColumns(need.sort) : [];
  const ends = [...range.map((column) => [{ column }]), ...prefixes(sort)];
  const heads = subsets(equal).map((columns) => columns.map((column) => ({ column })));
  const keys = [...heads, ...ends, ...heads.flatMap((head) => ends.map((end) => joined(head, end)))];
  const indexes = keys
    .filter((columns) => columns.length > 0 && columns.length <= MAX_INDEX_COLUMNS)
    .sort((a, b) => a.length - b.length)
    .filter((columns) => isShort(columns, facts))
    .map((columns): IndexDefinition => ({ table: facts.table, columns }));
  return [...new Map(indexes.map((index) => [indexKey(index), index])).values()];
}

/** Of columns whose size in an index is not told, the database takes any. */
function isShort(
  columns: readonly IndexColumn[],
  { columns: all, maxKeyBytes = Infinity }: TableFacts,
): boolean {
  const bytes = columns.map(({ column }) => all.find(({ name }) => name === column)?.keyBytes ?? 0);
  return bytes.reduce((sum, each) => sum + each, 0) <= maxKeyBytes;
}

/** A column searched by equality has one value: sorting by it again changes nothing. */
function joined(head: readonly IndexColumn[], end: readonly IndexColumn[]): readonly IndexColumn[] {
  return [...head, ...end.filter(({ column }) => !head.some((other) => other.column === column))];
}

/** An index can be read backwards, so directions matter only where they differ. */
function sortColumns(sort: readonly IndexColumn[]): readonly IndexColumn[] {
  const isMixed = sort.some(({ isDescending }) => isDescending !== sort[0]?.isDescending);
  return isMixed ? sort : sort.map(({ column }) => ({ column }));
}

function prefixes(sort: readonly IndexColumn[]): readonly (readonly IndexColumn[])[] {
  return sort.map((_, at) => sort.slice(0, at + 1));
}

/** One to three of the columns, in their order. */
function subsets(columns: readonly string[]): readonly (readonly string[])[] {
  return columns
    .reduce<readonly (readonly string[])[]>(
      (all, column) => [...all, ...all.map((some) => [...some, column])],
      [[]],
    )
    .filter((some) => some.length > 0 && some.length <= MAX_INDEX_COLUMNS);
}

/** The same index for fewer rows: those that the statement's own tests for NULL leave. */
export function partialForms(
  index: IndexDefinition,
  need: IndexNeed,
  facts: TableFacts,
): readonly IndexDefinition[] {
  return need.nullTests.map(({ column, isNull }) => {
    const rest = index.columns.filter((own) => !(isNull && own.column === column));
    const columns = rest.length > 0 ? rest : [{ column: otherColumn(column, need, facts) }];
    return { ...index, columns, where: `${quoted(column)} IS ${isNull ? '' : 'NOT '}NULL` };
  });
}

/** All rows of such an index have the same value there: something else must be its key. */
function otherColumn(column: string, need: IndexNeed, { indexes }: TableFacts): string {
  const asked = [...need.equal, ...need.joined, ...need.range, ...need.sort.map((key) => key.column)];
  const key = indexes.find(({ isPrimary }) => isPrimary)?.columns[0];
  return asked.find((name) => name !== column) ?? key ?? column;
}

/** More columns than that are a copy of the table. */
export const MAX_INCLUDED = 4;

/** The same index holding all that the statement needs of the table. */
export function coveringForm(
  index: IndexDefinition,
  { output }: IndexNeed,
  facts: TableFacts,
): IndexDefinition | undefined {
  if (output === undefined) return undefined;
  const needed = facts.columns.filter(({ name }) => output.includes(name));
  const stored = needed.filter(({ name }) => !index.columns.some(({ column }) => column === name));
  const isStorable = stored.every(({ isIndexable }) => isIndexable);
  const include = stored.map(({ name }) => name);
  return include.length === 0 || include.length > MAX_INCLUDED || !isStorable
    ? undefined
    : { ...index, include };
}

/**
 * Where nothing can be tried: two columns at most, those that a b-tree finds rows by best. A table that is searched for values
 * is where a join begins, so what it is joined by adds nothing.
 */
export function suggestedIndex(asked: IndexNeed, facts: TableFacts): IndexDefinition | undefined {
  const need = asked.equal.length > 0 ? { ...asked, joined: [] } : asked;
  const candidates = indexCandidates(need, facts).filter(({ columns }) => columns.length <= 2);
  return candidates.at(-1)?.columns.length === 2 && need.equal.length > 0
    ? candidates.find(({ columns }) => columns.length === 2 && need.equal.includes(columns[0]?.column ?? ''))
    : candidates[0];
}
