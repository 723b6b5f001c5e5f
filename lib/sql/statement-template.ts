import type { InlinedIntegers } from './inlined-integers.js';
import { parseStatement } from './parse-statement.js';
import type { SqlDialect } from './sql-dialect.js';
import type { Predicate, Statement, ValueReference } from './statement.js';

/** What is read of the first text of a shape, and where the integers of others go. */
export type StatementTemplate = (integers: readonly number[]) => Statement;

/** Greater than what {@link inlinedIntegers} lets through, and exact in a double. */
const FIRST_MARK = 1e15;

/**
 * Reads the text of a shape once, with marks for its integers, and answers with what reads every other text of the shape:
 * facts other than values do not depend on which integer stands somewhere.
 */
export function statementTemplate(inlined: InlinedIntegers, dialect: SqlDialect): StatementTemplate {
  const marks = inlined.integers.map((_, index) => FIRST_MARK + index);
  const marked = parseStatement(inlined.with(marks), dialect);
  return (integers) => fill(marked, integers);
}

function fill(marked: Statement, integers: readonly number[]): Statement {
  const filled = (value: ValueReference): ValueReference => fillValue(value, integers);
  return {
    ...marked,
    values: marked.values.map(filled),
    predicates: marked.predicates.map((predicate) => fillPredicate(predicate, integers)),
    limit: marked.limit && filled(marked.limit),
    offset: marked.offset && filled(marked.offset),
  };
}

function fillPredicate(predicate: Predicate, integers: readonly number[]): Predicate {
  const { values } = predicate;
  if (!values.some(isMark)) return predicate;
  return { ...predicate, values: values.map((value) => fillValue(value, integers)) };
}

function fillValue(reference: ValueReference, integers: readonly number[]): ValueReference {
  if (!isMark(reference)) return reference;
  const value = integers[reference.value - FIRST_MARK];
  return value === undefined ? reference : { kind: 'literal', value };
}

function isMark(reference: ValueReference): reference is { kind: 'literal'; value: number } {
  return reference.kind === 'literal' && typeof reference.value === 'number' && reference.value >= FIRST_MARK;
}
