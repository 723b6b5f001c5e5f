import type { ColumnReference } from '../../sql/statement.js';
import { columnOf, conditionColumns } from '../condition-columns.js';
import type { IndexColumn } from '../index-definition.js';
import type { IndexNeed } from '../index-need.js';
import { nodesOf, type RawPlan } from './raw-plan.js';

/** A scan of a base table, and the sorts above it. */
interface Scan {
  readonly raw: RawPlan;
  readonly sorts: readonly (readonly string[])[];
}

const CONDITIONS = ['Filter', 'Index Cond', 'Recheck Cond'] as const;
const JOINS = ['Hash Cond', 'Merge Cond', 'Join Filter'] as const;

/** For each scan of a base table: the columns that conditions, joins and sorts of the whole plan ask of it. */
export function postgresNeeds(plan: RawPlan): readonly IndexNeed[] {
  const joins = [...nodesOf(plan)].flatMap((node) => JOINS.flatMap((name) => node[name] ?? []));
  return [...scansOf(plan, [])].map((scan) => needOf(scan, joins, plan));
}

function* scansOf(raw: RawPlan, sorts: readonly (readonly string[])[]): Iterable<Scan> {
  if (raw['Relation Name'] !== undefined && raw['Node Type'] !== 'ModifyTable') yield { raw, sorts };
  const keys = raw['Sort Key'];
  // What is aggregated has no order of the table any more.
  const below = raw['Node Type'] === 'Aggregate' && raw['Group Key'] === undefined ? [] : sorts;
  for (const child of raw.Plans ?? []) yield* scansOf(child, keys === undefined ? below : [...below, keys]);
}

function needOf({ raw, sorts }: Scan, joins: readonly string[], plan: RawPlan): IndexNeed {
  const { 'Relation Name': name = '', Schema: schema, Alias: alias = name } = raw;
  const own = CONDITIONS.flatMap((condition) => raw[condition] ?? []).map(conditionColumns);
  const isOwn = ({ qualifier }: ColumnReference): boolean => qualifier === undefined || qualifier === alias;
  const columns = (all: readonly ColumnReference[]): readonly string[] =>
    unique(all.filter(isOwn).map(({ column }) => column));
  const pairs = [...own, ...joins.map(conditionColumns)].flatMap((condition) => condition.pairs);
  const joined = pairs.flatMap(({ left, right }) =>
    left.qualifier === right.qualifier ? [] : [left, right].filter(({ qualifier }) => qualifier === alias),
  );
  const nullTests = own.flatMap((condition) => condition.nullTests).filter(({ column }) => isOwn(column));
  const nulls = nullTests.flatMap(({ column, isNull }) => (isNull ? column : []));
  const equal = columns([...own.flatMap((condition) => condition.equal), ...nulls]);
  return {
    table: schema === undefined ? { name } : { schema, name },
    equal,
    joined: columns(joined).filter((column) => !equal.includes(column)),
    range: columns(own.flatMap(({ range }) => range)).filter((column) => !equal.includes(column)),
    sort: sorts.map((keys) => sortOf(keys, alias)).find((sort) => sort.length > 0) ?? [],
    nullTests: nullTests.map(({ column: { column }, isNull }) => ({ column, isNull })),
    output: outputOf(plan, alias),
  };
}

/** `flight."departsAt" DESC` for every key, or nothing: a sort by more than bare columns of one table needs another index. */
function sortOf(keys: readonly string[], alias: string): readonly IndexColumn[] {
  const columns = keys.map((key) => SORT_KEY.exec(key));
  const parsed = columns.map((match) => (match === null ? undefined : columnOf(match[1] ?? '')));
  if (parsed.some((column) => column === undefined || column.qualifier !== alias)) return [];
  return parsed.map((column, at) =>
    columns[at]?.[2] === undefined
      ? { column: column?.column ?? '' }
      : { column: column?.column ?? '', isDescending: true },
  );
}

const SORT_KEY =
  /^((?:(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\.)?(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*))( DESC)?(?: NULLS (?:FIRST|LAST))?$/u;
const QUALIFIED = /("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\.("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu;

const ANY_NAME = /(?:("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)\.)?("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)/gu;

/**
 * Columns that the statement needs of a table, and perhaps other words: those in its result, conditions, groups and orders. What a scan says it
 * hands on is more, because passing whole rows is cheap.
 */
function outputOf(plan: RawPlan, alias: string): readonly string[] {
  const texts = [...(plan.Output ?? [])];
  for (const node of nodesOf(plan))
    texts.push(
      ...[...CONDITIONS, ...JOINS].flatMap((name) => node[name] ?? []),
      ...(node['Sort Key'] ?? []),
      ...(node['Group Key'] ?? []),
    );
  // Where a statement has one table, PostgreSQL does not name it with each column.
  const isAlone = new Set([...nodesOf(plan)].flatMap((node) => node.Alias ?? [])).size === 1;
  const names = texts.flatMap((text) => text.match(isAlone ? ANY_NAME : QUALIFIED) ?? []).map(columnOf);
  return unique(names.filter(({ qualifier = alias }) => qualifier === alias).map(({ column }) => column));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
