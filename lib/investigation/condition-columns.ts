import { parseStatement } from '../sql/parse-statement.js';
import type { ColumnReference } from '../sql/statement.js';

/** What a condition, as a database writes it down, asks of columns. */
export interface ConditionColumns {
  readonly equal: readonly ColumnReference[];
  readonly range: readonly ColumnReference[];
  readonly pairs: readonly { readonly left: ColumnReference; readonly right: ColumnReference }[];
  readonly nullTests: readonly { readonly column: ColumnReference; readonly isNull: boolean }[];
}

/**
 * Reads a condition of a PostgreSQL plan (`Filter`, `Index Cond`, `Hash Cond`). PostgreSQL has resolved every name in it,
 * views and aliases included, so nothing has to be known of the statement. Only what every row must satisfy counts:
 * nothing below an OR.
 */
export function conditionColumns(condition: string): ConditionColumns {
  const { predicates, columnPairs } = parseStatement(`SELECT 1 FROM t WHERE ${plain(condition)}`, 'standard');
  const certain = predicates.filter(({ isConjunct, depth }) => isConjunct && depth === 0);
  return {
    equal: certain.filter(({ operator }) => operator === '=' || operator === 'in'),
    range: certain.filter(
      ({ operator, values }) => RANGES.has(operator) && !(operator === 'like' && isOpenPattern(values[0])),
    ),
    pairs: columnPairs.filter(({ isConjunct, depth }) => isConjunct && depth === 0),
    nullTests: condition.includes(' OR ') ? [] : nullTests(condition),
  };
}

const RANGES: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'between', 'like']);

function isOpenPattern(value: { readonly kind: string; readonly value?: unknown } | undefined): boolean {
  return value?.kind !== 'literal' || /^[%_]/u.test(String(value.value));
}

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const COLUMN = String.raw`(?:${NAME}\.)?${NAME}`;
/** A varchar column is compared as text: the index on it serves all the same. */
const RELABEL = new RegExp(String.raw`\((${COLUMN})\)::(?:text|bpchar|character varying)(?![\w(])`, 'gu');
const CAST_PLACEHOLDER = /\((\$\d+)\)::[a-z ]+(?:\(\d+\))?/gu;
const NULL_TEST = new RegExp(String.raw`(${COLUMN}) IS (NOT )?NULL`, 'gu');

/** Operators and casts that PostgreSQL writes, as people write them. */
function plain(condition: string): string {
  return condition
    .replace(RELABEL, '$1')
    .replace(CAST_PLACEHOLDER, '$1')
    .replace(/ !~~\*? /gu, ' NOT LIKE ')
    .replace(/ ~~ /gu, ' LIKE ');
}

function nullTests(condition: string): ConditionColumns['nullTests'] {
  return [...condition.matchAll(NULL_TEST)].map(([, name = '', not]) => ({
    column: columnOf(name),
    isNull: not === undefined,
  }));
}

/** `flight."departsAt"` */
export function columnOf(name: string): ColumnReference {
  const parts = (name.match(/"(?:[^"]|"")+"|[^."]+/gu) ?? []).map(unquoted);
  const column = parts.at(-1) ?? name;
  const qualifier = parts.at(-2);
  return qualifier === undefined ? { column } : { qualifier, column };
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
