import type { Token } from './token.js';

/** The part of a query that a token belongs to. `none`: before the first verb, or between the branches of a UNION. */
export type Clause =
  | 'none'
  | 'with'
  | 'select'
  | 'into'
  | 'from'
  | 'using'
  | 'on'
  | 'where'
  | 'group'
  | 'having'
  | 'order'
  | 'limit'
  | 'offset'
  | 'update'
  | 'set'
  | 'values'
  | 'conflict'
  | 'returning'
  | 'lock'
  /** Between the parentheses of a function call or a list of columns. */
  | 'arguments';

/** One SELECT, INSERT, UPDATE or DELETE with its own FROM and WHERE. */
export interface Query {
  readonly depth: number;
  /** The main verb, upper case; empty until it was seen. */
  verb: string;
  /** Branches are combined by UNION, INTERSECT or EXCEPT. */
  isCombined: boolean;
}

/** A condition or a group in parentheses inside of one. */
export interface Condition {
  readonly parent: Condition | undefined;
  readonly query: Query;
  hasOr: boolean;
  /** Below NOT or CASE, or in ON of an outer join: true rows may be kept although it is false. */
  isLoose: boolean;
  /** Every row that the query keeps satisfies it, as far as its own level goes. Known when the outline is finished. */
  restricts: boolean;
}

/** Where each token of a statement stands; `clauses`, `queries` and `conditions` have one entry per token. */
export interface Outline {
  readonly tokens: readonly Token[];
  readonly clauses: readonly Clause[];
  readonly queries: readonly Query[];
  readonly conditions: readonly (Condition | undefined)[];
  /** The outermost query of the first statement in the text. */
  readonly root: Query;
  /** Indexes of the tokens that begin a query: SELECT, INSERT, UPDATE ... in order. */
  readonly verbs: readonly number[];
  /** Names of common table expressions, without quotes. */
  readonly cteNames: ReadonlySet<string>;
  readonly isLocking: boolean;
  /** Rows of the first outermost VALUES list. */
  readonly valuesRows: number;
}
