import { type Operand, readOperand } from './column-operand.js';
import { findPredicates, type FoundPredicates } from './find-predicates.js';
import { nameOf } from './name-of.js';
import type { Outline } from './outline.js';
import { readOutline } from './read-outline.js';
import { readSelectList } from './read-select-list.js';
import { readValues } from './read-values.js';
import type { SqlDialect } from './sql-dialect.js';
import type { ColumnReference, TableReference, ValueReference } from './statement.js';
import { findTableSites } from './table-site.js';
import { isName, isSymbol, type Token } from './token.js';
import { tokenize } from './tokenize.js';

/** A bare column that the outermost query sorts by. */
export interface OrderKey {
  readonly column: ColumnReference;
  readonly isDescending: boolean;
}

/** `column IS NULL` or `column IS NOT NULL`, which every row of its query must satisfy. */
export interface NullTest {
  readonly column: ColumnReference;
  readonly isNull: boolean;
  readonly depth: number;
}

/** A function around a column that is compared: `lower(name) = ...`. */
export interface WrappedColumn {
  readonly callee: string;
  readonly column: ColumnReference;
}

/** What a statement's text says of how its rows are found and put in order. Names as they are written. */
export interface Search extends FoundPredicates {
  readonly tables: readonly TableReference[];
  readonly nullTests: readonly NullTest[];
  readonly wrapped: readonly WrappedColumn[];
  /** Empty where it sorts by nothing, or by anything but bare columns. */
  readonly order: readonly OrderKey[];
  readonly isSorting: boolean;
  /** Groups, aggregates, or removes duplicates: every row is wanted before the first is given. */
  readonly isGathering: boolean;
  readonly hasOr: boolean;
  /** Branches are combined by UNION, INTERSECT or EXCEPT: which condition belongs to which is not told. */
  readonly isCombined: boolean;
  readonly limit?: ValueReference;
  readonly offset?: ValueReference;
}

/** Reads what an index could answer. Never throws; linear in the length of the text. */
export function readSearch(sql: string, dialect: SqlDialect): Search {
  const outline = readOutline(tokenize(sql, dialect));
  const sites = findTableSites(outline).filter(({ isCommonTable }) => !isCommonTable);
  const { limit, offset } = readValues(outline);
  const sorted = positions(outline, 'ORDER');
  return {
    ...findPredicates(outline),
    tables: sites.map(({ reference }) => reference),
    nullTests: nullTests(outline),
    wrapped: wrappedColumns(outline),
    order: orderKeys(outline, sorted[0]),
    isSorting: sorted.length > 0,
    isGathering: readSelectList(outline).isAggregate || positions(outline, 'DISTINCT').length > 0,
    isCombined: outline.root.isCombined,
    hasOr: outline.conditions.some((condition) => condition?.hasOr === true),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** Where the outermost query has a keyword. */
function positions({ tokens, queries, root }: Outline, keyword: string): readonly number[] {
  return tokens.flatMap((token, at) => (queries[at] === root && isSymbol(token, keyword) ? [at] : []));
}

function orderKeys({ tokens, clauses }: Outline, order: number | undefined): readonly OrderKey[] {
  if (order === undefined) return [];
  const keys: OrderKey[] = [];
  for (let at = order + 2; ; at++) {
    const operand = readOperand(tokens, at);
    if (operand?.kind !== 'column') return [];
    at = operand.end;
    const isDescending = isSymbol(tokens[at], 'DESC');
    if (isDescending || isSymbol(tokens[at], 'ASC')) at++;
    keys.push({ column: operand.column, isDescending });
    if (tokens[at] === undefined || clauses[at] !== 'order') return keys;
    if (isSymbol(tokens[at], ';')) return keys;
    if (!isSymbol(tokens[at], ',')) return [];
  }
}

function nullTests({ tokens, conditions, queries }: Outline): readonly NullTest[] {
  return tokens.flatMap((token, at): readonly NullTest[] => {
    if (!isSymbol(token, 'IS') || conditions[at]?.restricts !== true) return [];
    const isNull = isSymbol(tokens[at + 1], 'NULL');
    const isNotNull = isSymbol(tokens[at + 1], 'NOT') && isSymbol(tokens[at + 2], 'NULL');
    const column = columnBefore(tokens, at);
    if (column === undefined || (!isNull && !isNotNull)) return [];
    return [{ column, isNull, depth: queries[at]?.depth ?? 0 }];
  });
}

/** The bare column that ends before `end`. */
function columnBefore(tokens: readonly Token[], end: number): ColumnReference | undefined {
  let first = end - 1;
  if (!isName(tokens[first])) return undefined;
  while (isSymbol(tokens[first - 1], '.') && isName(tokens[first - 2])) first -= 2;
  const operand: Operand | undefined = readOperand(tokens, first);
  const before = tokens[first - 1];
  const isAlone = before?.kind === 'keyword' || (before?.kind === 'punctuation' && before.text === '(');
  return operand?.kind === 'column' && isAlone ? operand.column : undefined;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<', '>', '<=', '>=', 'LIKE', 'IN', 'BETWEEN']);

/** `lower(p.name) =`, `date(created) >`: one column and at most one more argument. */
function wrappedColumns({ tokens, conditions }: Outline): readonly WrappedColumn[] {
  return tokens.flatMap((token, at): readonly WrappedColumn[] => {
    if (token.kind !== 'word' || conditions[at] === undefined || !isSymbol(tokens[at + 1], '(')) return [];
    const operand = readOperand(tokens, at + 2);
    if (operand?.kind !== 'column') return [];
    const closing = isSymbol(tokens[operand.end], ',') ? operand.end + 2 : operand.end;
    const operator = tokens[closing + 1]?.text;
    if (!isSymbol(tokens[closing], ')') || operator === undefined || !COMPARISONS.has(operator)) return [];
    return [{ callee: nameOf(token), column: operand.column }];
  });
}
