import { fingerprint } from '../sql/fingerprint.js';
import type { Predicate, Statement, ValueReference } from '../sql/statement.js';

/** Of a statement and of each list in its conditions: as many as capture keeps of the parameters. */
const MAX_VALUES = 32;
/** Conditions, pairs of columns, and tables of a statement. */
const MAX_PARTS = 100;

/** What analysis keeps of a condition. */
export interface KeptPredicate extends Predicate {
  /** How many values the list has, where `values` holds the first of them only. */
  readonly valueCount?: number;
}

/** What analysis keeps of a parsed statement while the units that ran it are looked at. */
export interface KeptStatement extends Statement {
  readonly predicates: readonly KeptPredicate[];
  /** Tells statements apart by all their values, where `values` holds the first of them only. */
  readonly valuesDigest?: string;
}

/**
 * The statement without what makes it large. A parsed literal takes twenty times its text, and a unit may hold four
 * million characters of `IN` lists and `OR` groups: kept whole, they alone would exceed QueryLens's memory.
 */
export function keptStatement(statement: Statement): KeptStatement {
  const { values, predicates, columnPairs, tables } = statement;
  if (values.length <= MAX_VALUES && columnPairs.length <= MAX_PARTS && tables.length <= MAX_PARTS)
    return statement;
  return {
    ...statement,
    ...(values.length > MAX_VALUES && {
      values: values.slice(0, MAX_VALUES),
      valuesDigest: fingerprint(values.map(shown).join('\n')),
    }),
    predicates: predicates.slice(0, MAX_PARTS).map(keptPredicate),
    columnPairs: columnPairs.slice(0, MAX_PARTS),
    tables: tables.slice(0, MAX_PARTS),
  };
}

function keptPredicate(predicate: Predicate): KeptPredicate {
  const { values } = predicate;
  if (values.length <= MAX_VALUES) return predicate;
  return { ...predicate, values: values.slice(0, MAX_VALUES), valueCount: values.length };
}

function shown(value: ValueReference): string {
  return value.kind === 'literal' ? String(value.value) : '?';
}
