/** What a statement does, as far as findings care. */
export type StatementKind =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'transaction'
  /** DDL, PRAGMA, SHOW, EXPLAIN, and reads of the database's own catalog only. */
  | 'schema'
  | 'other';

/** A table as a statement names it, without quotes. */
export interface TableReference {
  readonly schema?: string;
  readonly name: string;
  readonly alias?: string;
  /** `read` for FROM, JOIN and USING; `write` for INTO, UPDATE and DELETE FROM. */
  readonly access: 'read' | 'write';
  /** 0 in the outermost statement, 1 in its subqueries and CTE bodies, and so on. */
  readonly depth: number;
}

/** A place in a statement that holds a value: a literal in the text, or a placeholder for a bound parameter. */
export type ValueReference =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `index` is zero-based into the parameters that travel with the statement. */
  | { readonly kind: 'parameter'; readonly index: number };

/** Where a condition stands. */
export type ConditionClause = 'where' | 'on' | 'having';

/** A column as a condition names it, without quotes. */
export interface ColumnReference {
  /** The alias or table name in front of the column; absent when the column stands alone. */
  readonly qualifier?: string;
  readonly column: string;
}

/** `column operator value`, or `column IN (values)`, found in WHERE, ON or HAVING. */
export interface Predicate extends ColumnReference {
  readonly operator: '=' | 'in' | '<>' | '<' | '<=' | '>' | '>=' | 'like' | 'between';
  readonly values: readonly ValueReference[];
  readonly clause: ConditionClause;
  readonly depth: number;
  /**
   * True when the predicate restricts every row of the query at its `depth`: it stands below no OR, NOT, CASE or function
   * call, in no ON of an outer join, and in no branch of a UNION. Unsure is false.
   */
  readonly isConjunct: boolean;
}

/** `left = right` between two columns, found in WHERE or ON. */
export interface ColumnPair {
  readonly left: ColumnReference;
  readonly right: ColumnReference;
  readonly clause: ConditionClause;
  readonly depth: number;
  /** As in {@link Predicate}. */
  readonly isConjunct: boolean;
}

/**
 * The facts that can be read from the text of one SQL statement. Pure, linear in the length of the text; a text that
 * nobody can parse still has a fingerprint, a kind of `other` and empty lists.
 */
export interface Statement {
  /** 16 hexadecimal digits; equal for statements that differ in values, list lengths, white space or comments only. */
  readonly fingerprint: string;
  /** The normalised text the fingerprint was made from: values as `?`, lists as `(...)`. Safe to show. */
  readonly text: string;
  readonly kind: StatementKind;
  /** The first keyword, upper case: `SELECT`, `INSERT`, `BEGIN`; for WITH the verb of the main statement. */
  readonly operation: string;
  /** OpenTelemetry's `db.query.summary`: operations and targets in order, at most 255 characters. */
  readonly summary: string;
  readonly tables: readonly TableReference[];
  readonly predicates: readonly Predicate[];
  readonly columnPairs: readonly ColumnPair[];
  /** Every literal and placeholder, in order of appearance, LIMIT and OFFSET excluded. */
  readonly values: readonly ValueReference[];
  readonly limit?: ValueReference;
  readonly offset?: ValueReference;
  /** The outermost select list is one COUNT(...). */
  readonly isCount: boolean;
  /** Asks only whether a row exists: `SELECT EXISTS (...)`, or a select list of one literal: `SELECT 1 FROM ...`. */
  readonly isExists: boolean;
  /** The outermost select list consists of aggregates only, or the statement groups. */
  readonly isAggregate: boolean;
  /** FOR UPDATE, FOR SHARE, LOCK IN SHARE MODE and their kin. */
  readonly isLocking: boolean;
  /** TypeORM's first statement of `skip`/`take` with joins: the distinct ids of one page of root entities. */
  readonly isDistinctIds: boolean;
  /** Rows in the outermost VALUES list (`DEFAULT VALUES` is one row); 0 where there is none. */
  readonly valuesRows: number;
}
