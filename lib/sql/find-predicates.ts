import { type Operand, readOperand, readValueList, skipCast } from './column-operand.js';
import type { Condition, Outline } from './outline.js';
import type { ColumnPair, ColumnReference, ConditionClause, Predicate, ValueReference } from './statement.js';
import { isSymbol, type Token } from './token.js';

/** What the conditions of a statement say about bare columns. */
export interface FoundPredicates {
  readonly predicates: readonly Predicate[];
  readonly columnPairs: readonly ColumnPair[];
}

/** Comparisons of a bare column with values or with another bare column, in order; every other expression is left out. */
export function findPredicates(outline: Outline): FoundPredicates {
  return new PredicateFinder(outline).run();
}

class PredicateFinder {
  private readonly predicates: Predicate[] = [];
  private readonly columnPairs: ColumnPair[] = [];
  private readonly tokens: readonly Token[];
  /** Of the comparison that is being read. */
  private condition: Condition | undefined;
  private start = 0;

  constructor(private readonly outline: Outline) {
    this.tokens = outline.tokens;
  }

  run(): FoundPredicates {
    const { tokens, outline } = this;
    for (let i = 1; i < tokens.length; i++) {
      this.condition = outline.conditions[i];
      if (this.condition === undefined || !beginsComparison(tokens[i - 1])) continue;
      this.start = i;
      if (isSymbol(tokens[i], '(')) this.rowComparison(i);
      else this.comparison(i);
    }
    return { predicates: this.predicates, columnPairs: this.columnPairs };
  }

  private comparison(i: number): void {
    const left = readOperand(this.tokens, i);
    if (left === undefined) return;
    const operator = this.tokens[left.end];
    if (operator?.kind === 'operator') this.binary(left, operator.text);
    else if (left.kind === 'column' && operator?.kind === 'keyword') this.keyword(left, operator.text);
  }

  private binary(left: Operand, text: string): void {
    const operator = OPERATORS.get(text);
    if (operator === undefined) return;
    const at = left.end + 1;
    if (operator === '=' && left.kind === 'column' && this.any(left.column, at)) return;
    const right = readOperand(this.tokens, at);
    if (right === undefined || !this.ends(right.end)) return;
    if (left.kind === 'column' && right.kind === 'value') this.add(left.column, operator, [right.value]);
    else if (left.kind === 'value' && right.kind === 'column')
      this.add(right.column, MIRRORED[operator], [left.value]);
    else if (left.kind === 'column' && right.kind === 'column' && operator === '=') {
      const { clause, depth, isConjunct } = this.place();
      this.columnPairs.push({ left: left.column, right: right.column, clause, depth, isConjunct });
    }
  }

  /** `= ANY ($1)`, `= ANY (ARRAY[1, 2])` */
  private any(column: ColumnReference, at: number): boolean {
    const { tokens } = this;
    if (!isSymbol(tokens[at], 'ANY') && !isSymbol(tokens[at], 'SOME')) return false;
    const isArray = isSymbol(tokens[at + 2], 'ARRAY');
    const list = readValueList(tokens, isArray ? at + 3 : at + 1);
    if (list && this.ends(isArray ? skipCast(tokens, list.end) + 1 : list.end))
      this.add(column, 'in', list.values);
    return true;
  }

  private keyword(left: Operand & { kind: 'column' }, text: string): void {
    const at = left.end + 1;
    if (text === 'IN') {
      const list = isSymbol(this.tokens[at], '(') ? readValueList(this.tokens, at) : undefined;
      if (list && this.ends(list.end)) this.add(left.column, 'in', list.values);
    } else if (text === 'LIKE' || text === 'ILIKE') {
      const right = readOperand(this.tokens, at);
      if (right?.kind === 'value' && this.ends(right.end)) this.add(left.column, 'like', [right.value]);
    } else if (text === 'BETWEEN') this.between(left.column, at);
  }

  private between(column: ColumnReference, at: number): void {
    const low = readOperand(this.tokens, at);
    if (low?.kind !== 'value' || !isSymbol(this.tokens[low.end], 'AND')) return;
    const high = readOperand(this.tokens, low.end + 1);
    if (high?.kind === 'value' && this.ends(high.end)) this.add(column, 'between', [low.value, high.value]);
  }

  /** `(a, b) = (1, 2)` and `(a, b) IN ((1, 2), (3, 4))` */
  private rowComparison(i: number): void {
    const columns = this.columnList(i);
    if (columns === undefined) return;
    const operator = this.tokens[columns.end];
    if (isSymbol(operator, '=')) {
      const row = this.row(columns.end + 1, columns.names.length);
      if (row && this.ends(row.end)) this.addRows(columns.names, '=', [row.values]);
    } else if (isSymbol(operator, 'IN') && isSymbol(this.tokens[columns.end + 1], '(')) {
      const rows = this.rows(columns.end + 2, columns.names.length);
      if (rows) this.addRows(columns.names, 'in', rows);
    }
  }

  private columnList(open: number): { names: ColumnReference[]; end: number } | undefined {
    const names: ColumnReference[] = [];
    let at = open;
    do {
      const operand = readOperand(this.tokens, at + 1);
      if (operand?.kind !== 'column') return undefined;
      names.push(operand.column);
      at = operand.end;
    } while (isSymbol(this.tokens[at], ','));
    return names.length > 1 && isSymbol(this.tokens[at], ')') ? { names, end: at + 1 } : undefined;
  }

  private row(open: number, width: number): { values: readonly ValueReference[]; end: number } | undefined {
    const list = isSymbol(this.tokens[open], '(') ? readValueList(this.tokens, open) : undefined;
    return list?.values.length === width ? list : undefined;
  }

  private rows(first: number, width: number): readonly (readonly ValueReference[])[] | undefined {
    const rows: (readonly ValueReference[])[] = [];
    for (let at = first; ; at++) {
      const row = this.row(at, width);
      if (row === undefined) return undefined;
      rows.push(row.values);
      at = row.end;
      if (isSymbol(this.tokens[at], ')')) return this.ends(at + 1) ? rows : undefined;
      if (!isSymbol(this.tokens[at], ',')) return undefined;
    }
  }

  private addRows(
    columns: readonly ColumnReference[],
    operator: '=' | 'in',
    rows: readonly (readonly ValueReference[])[],
  ): void {
    columns.forEach((column, n) => {
      this.add(
        column,
        operator,
        rows.map((row) => row[n] as ValueReference),
      );
    });
  }

  private add(
    column: ColumnReference,
    operator: Predicate['operator'],
    values: readonly ValueReference[],
  ): void {
    const { clause, depth, isConjunct } = this.place();
    const { qualifier, column: name } = column;
    this.predicates.push({ qualifier, column: name, operator, values, clause, depth, isConjunct });
  }

  private place(): { clause: ConditionClause; depth: number; isConjunct: boolean } {
    const { clauses, queries } = this.outline;
    const isNegated = isSymbol(this.tokens[this.start - 1], 'NOT');
    return {
      clause: clauses[this.start] as ConditionClause,
      depth: queries[this.start]?.depth ?? 0,
      isConjunct: !isNegated && this.condition?.restricts === true,
    };
  }

  /** The comparison is over: what follows does not belong to its right side. */
  private ends(at: number): boolean {
    const next = this.tokens[at];
    if (next === undefined || this.outline.conditions[at] !== this.condition) return true;
    if (next.kind === 'punctuation') return next.text === ')' || next.text === ',' || next.text === ';';
    return next.kind === 'keyword' && !CONTINUATIONS.has(next.text);
  }
}

const STARTS: ReadonlySet<string> = new Set([
  'WHERE',
  'ON',
  'HAVING',
  'AND',
  'OR',
  'XOR',
  'NOT',
  'WHEN',
  '(',
]);

function beginsComparison(before: Token | undefined): boolean {
  return (
    before !== undefined &&
    (before.kind === 'keyword' || before.kind === 'punctuation') &&
    STARTS.has(before.text)
  );
}

const CONTINUATIONS: ReadonlySet<string> = new Set(['IS', 'IN', 'NOT', 'LIKE', 'ILIKE', 'BETWEEN']);

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';

const OPERATORS: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', '='],
  ['==', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

/** The operator when left and right change places. */
const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
