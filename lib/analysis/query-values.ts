import type { ValueReference } from '../sql/statement.js';
import type { AnalysedQuery } from './relation-load.js';

/** A value made comparable: drivers give `bigint` columns as strings and dates as objects. */
export type ValueKey = string;

/** The key of a value as it stands in a row, a literal or a parameter; undefined for null and for what is not scalar. */
export function valueKey(value: unknown): ValueKey | undefined {
  if (value === null || value === undefined) return undefined;
  // Drivers answer a date that cannot be, MySQL's 0000-00-00, with an invalid one.
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (typeof value === 'string') return value;
  const isScalar = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  return isScalar ? String(value) : undefined;
}

/** The value behind a literal or placeholder of a statement. */
export function resolveValue(query: AnalysedQuery, reference: ValueReference): ValueKey | undefined {
  return valueKey(reference.kind === 'literal' ? reference.value : query.record.values.kept[reference.index]);
}

/** One string for all values of a statement, literals included: equal when the statement asked for the same thing. */
export function valuesIdentity(query: AnalysedQuery): string {
  const { record, statement } = query;
  const literals = statement.valuesDigest ?? literalsOf(statement.values);
  const edges = `${edgeOf(statement.limit)},${edgeOf(statement.offset)}`;
  return `${record.values.count}:${record.values.digest}:${literals}:${edges}`;
}

function literalsOf(values: readonly ValueReference[]): string {
  let text = '';
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as ValueReference;
    if (at > 0) text += ',';
    text += value.kind === 'literal' ? String(value.value) : '?';
  }
  return text;
}

function edgeOf(value: ValueReference | undefined): string {
  return value?.kind === 'literal' ? String(value.value) : '';
}
