import { resolveValue } from '../analysis/query-values.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import { fingerprint } from '../sql/fingerprint.js';
import type { Predicate, ValueReference } from '../sql/statement.js';

/** How a statement with values was asked for; `other`: raw SQL, or a builder's raw rows. */
export type AskedBy = 'find' | 'builder' | 'relation' | 'other';

/** One thing that a read asked with, and that may be another one the next time. */
export interface ReadInput {
  /** As a variable of the user's code could be called: `airlineId`. */
  readonly name: string;
  /** A parameter; or what TypeORM writes into the text of a find on its own, as it does with numbers on SQLite. */
  readonly isBound: boolean;
  /** Tells values apart. The value itself is not kept. */
  readonly value: string;
}

/** Of one statement. */
const MAX_INPUTS = 8;

/** What a read was asked with: the values of its conditions, its page, and parameters that stand elsewhere. */
export function readInputs(query: AnalysedQuery, askedBy: AskedBy): readonly ReadInput[] {
  const { predicates, values, limit, offset } = query.statement;
  const conditions = predicates.flatMap((predicate) =>
    groupsOf(predicate).map((group) => [nameOf(predicate, group), group] as const),
  );
  const seen = new Set(predicates.flatMap((predicate) => predicate.values));
  const known = new Set([...seen].map(parameterOf));
  const elsewhere = values.filter((value) => value.kind === 'parameter' && !known.has(value.index));
  const isFind = askedBy === 'find';
  return [
    ...conditions.map(([name, group]) => inputOf(query, name, group, isFind)),
    ...(elsewhere.length === 0 ? [] : [inputOf(query, 'value', elsewhere, false)]),
    ...pageOf('limit', limit),
    ...pageOf('offset', offset),
  ].slice(0, MAX_INPUTS);

  function pageOf(name: string, value: ValueReference | undefined): readonly ReadInput[] {
    return value === undefined ? [] : [inputOf(query, name, [value], false)];
  }
}

/** A list is one thing to its caller; both ends of a BETWEEN are two. */
function groupsOf({ operator, values }: Predicate): readonly (readonly ValueReference[])[] {
  if (values.length === 0) return [];
  return operator === 'in' ? [values] : values.map((value) => [value]);
}

function nameOf({ column, operator }: Predicate, group: readonly ValueReference[]): string {
  const name = column
    .replace(/\W+/g, '_')
    .replace(/_+([a-z0-9])/gi, (_all, next: string) => next.toUpperCase());
  const word = /^[a-z_$]/i.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : 'value';
  return operator === 'in' && group.length > 1 ? `${word}s` : word;
}

function inputOf(
  query: AnalysedQuery,
  name: string,
  group: readonly ValueReference[],
  isFind: boolean,
): ReadInput {
  const isBound = group.some(
    (value) => value.kind === 'parameter' || (isFind && typeof value.value === 'number'),
  );
  const text = group.map((value) => resolveValue(query, value) ?? '').join('\n');
  return { name, isBound, value: fingerprint(text) };
}

function parameterOf(value: ValueReference): number {
  return value.kind === 'parameter' ? value.index : -1;
}
