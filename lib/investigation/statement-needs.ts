import { isSameName } from '../sql/is-same-name.js';
import type { Search } from '../sql/read-search.js';
import type { ColumnReference, Predicate, TableReference } from '../sql/statement.js';
import type { IndexColumn } from './index-definition.js';
import type { IndexNeed } from './index-need.js';
import { factsOf, type TableFacts } from './table-facts.js';

/** A base table at one place of a statement, and what the statement asks of it there. */
export interface TableUse {
  /** What conditions and plans call it. */
  readonly alias: string;
  readonly depth: number;
  readonly facts: TableFacts;
  readonly need: IndexNeed;
  /** How many values each column is compared to by `=` or IN. */
  readonly valueCounts: ReadonlyMap<string, number>;
  /** Parameters that columns are compared to. */
  readonly parameters: readonly ComparedParameter[];
}

/** A parameter of a statement, and what its value is compared to. */
export interface ComparedParameter {
  /** Zero-based. */
  readonly index: number;
  readonly column: string;
  readonly operator: Predicate['operator'];
  /** Of several values in one comparison: which one. */
  readonly place: number;
}

/** A column of a view: the column of a base table it hands on. */
export type ViewColumns = ReadonlyMap<string, { readonly table: string; readonly column: string }>;

interface Site {
  readonly alias: string;
  readonly depth: number;
  readonly facts: TableFacts;
  /** Names that the statement uses for its columns, in lower case: those of a view are not the table's. */
  readonly columns: ReadonlyMap<string, string>;
}

interface Found {
  readonly site: Site;
  readonly column: string;
}

/**
 * What the text of a statement asks of each table, for databases whose plans do not say it. Names are resolved by the
 * tables' own columns; one that could mean two tables means none.
 */
export function statementUses(
  search: Search,
  facts: readonly TableFacts[],
  views: ReadonlyMap<string, ViewColumns> = new Map(),
): readonly TableUse[] {
  const sites = search.tables.flatMap((reference) => sitesOf(reference, facts, views));
  const find = (column: ColumnReference, depth: number): Found | undefined => resolve(column, depth, sites);
  const sort = sortOf(search, find);
  return sites.map((site) => ({
    alias: site.alias,
    depth: site.depth,
    facts: site.facts,
    need: { ...needOf(site, search, find), sort: sort.site === site ? sort.columns : [] },
    valueCounts: valueCounts(site, search, find),
    parameters: parameters(site, search, find),
  }));
}

/** By the name a plan uses: of what is behind a view, the table's own. */
export function useOf(uses: readonly TableUse[], name: string | undefined): TableUse | undefined {
  const wanted = name?.toLowerCase();
  return (
    uses.find(({ alias }) => alias.toLowerCase() === wanted) ??
    uses.find(({ facts }) => facts.table.name.toLowerCase() === wanted)
  );
}

function sitesOf(
  { schema, name, alias = name, depth }: TableReference,
  facts: readonly TableFacts[],
  views: ReadonlyMap<string, ViewColumns>,
): readonly Site[] {
  const own = factsOf(facts, schema === undefined ? { name } : { schema, name }) ?? named(facts, name);
  if (own !== undefined) {
    const columns = new Map(own.columns.map((column) => [column.name.toLowerCase(), column.name]));
    return [{ alias, depth, facts: own, columns }];
  }
  const view = views.get(name.toLowerCase());
  if (view === undefined) return [];
  return [...new Set([...view.values()].map(({ table }) => table))].flatMap((table) => {
    const base = named(facts, table);
    const handed = [...view].filter(([, source]) => source.table === table);
    const columns = new Map(handed.map(([column, source]) => [column, source.column]));
    return base === undefined ? [] : [{ alias, depth, facts: base, columns }];
  });
}

function named(facts: readonly TableFacts[], name: string): TableFacts | undefined {
  return facts.find(({ table }) => isSameName(table.name, name));
}

function resolve(
  { qualifier, column }: ColumnReference,
  depth: number,
  sites: readonly Site[],
): Found | undefined {
  const having = sites.flatMap((site): readonly Found[] => {
    const own = site.columns.get(column.toLowerCase());
    return own === undefined ? [] : [{ site, column: own }];
  });
  const called = having.filter(({ site }) => qualifier === undefined || isSameName(site.alias, qualifier));
  const near = called.filter(({ site }) => site.depth === depth);
  const [found, ...others] = near.length > 0 ? near : called.filter(({ site }) => site.depth < depth);
  return others.length > 0 && qualifier === undefined ? undefined : found;
}

type Find = (column: ColumnReference, depth: number) => Found | undefined;

const EQUAL: ReadonlySet<string> = new Set(['=', 'in']);
const RANGES: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'between', 'like']);

function needOf(
  site: Site,
  { predicates, columnPairs, nullTests }: Search,
  find: Find,
): Omit<IndexNeed, 'sort'> {
  const columns = (all: readonly (ColumnReference & { readonly depth: number })[]): readonly string[] =>
    unique(
      all.flatMap((reference) => {
        const found = find(reference, reference.depth);
        return found?.site === site ? found.column : [];
      }),
    );
  const certain = predicates.filter(({ isConjunct, values }) => isConjunct && !isNullLiteral(values[0]));
  const nulls = nullTests.flatMap(({ column, isNull, depth }) => {
    const found = find(column, depth);
    return found?.site === site ? [{ column: found.column, isNull }] : [];
  });
  const equal = unique([
    ...columns(certain.filter(({ operator }) => EQUAL.has(operator))),
    ...nulls.flatMap(({ column, isNull }) => (isNull ? column : [])),
  ]);
  // ON of an outer join restricts nothing, but an index finds its rows all the same.
  const pairs = columnPairs.filter(({ isConjunct, clause }) => isConjunct || clause === 'on');
  const joined = pairs.flatMap(({ left, right, depth }) => {
    const [one, other] = [find(left, depth), find(right, depth)];
    const own = one?.site === site ? one : other?.site === site ? other : undefined;
    return own === undefined || one?.site === other?.site ? [] : own.column;
  });
  const range = columns(
    certain.filter(({ operator, values }) => RANGES.has(operator) && !isOpenPattern(operator, values[0])),
  );
  return {
    table: site.facts.table,
    equal,
    joined: unique(joined).filter((column) => !equal.includes(column)),
    range: range.filter((column) => !equal.includes(column)),
    nullTests: nulls,
  };
}

function valueCounts(site: Site, { predicates }: Search, find: Find): ReadonlyMap<string, number> {
  const equal = predicates.filter(({ isConjunct, operator }) => isConjunct && EQUAL.has(operator));
  return new Map(
    equal.flatMap((predicate) => {
      const found = find(predicate, predicate.depth);
      return found?.site === site ? [[found.column, predicate.values.length]] : [];
    }),
  );
}

function parameters(site: Site, { predicates }: Search, find: Find): readonly ComparedParameter[] {
  return predicates.flatMap((predicate) => {
    const found = find(predicate, predicate.depth);
    if (found?.site !== site) return [];
    const { operator, values } = predicate;
    return values.flatMap((value, place): readonly ComparedParameter[] =>
      value.kind === 'parameter' ? [{ index: value.index, column: found.column, operator, place }] : [],
    );
  });
}

interface Value {
  readonly kind: string;
  readonly value?: unknown;
}

function isNullLiteral(value: Value | undefined): boolean {
  return value?.kind === 'literal' && value.value === null;
}

/** A pattern that is not known may begin with a wildcard. */
function isOpenPattern(operator: string, value: Value | undefined): boolean {
  return operator === 'like' && (value?.kind !== 'literal' || /^(?:[%_]|$)/u.test(String(value.value)));
}

function sortOf(
  { order }: Search,
  find: Find,
): { readonly site?: Site; readonly columns: readonly IndexColumn[] } {
  const found = order.map(({ column }) => find(column, 0));
  const site = found[0]?.site;
  if (site === undefined || found.some((each) => each?.site !== site)) return { columns: [] };
  const columns = found.map((each, at): IndexColumn => {
    const column = each?.column ?? '';
    return order[at]?.isDescending === true ? { column, isDescending: true } : { column };
  });
  return { site, columns };
}

function unique(all: readonly string[]): readonly string[] {
  return [...new Set(all)];
}
