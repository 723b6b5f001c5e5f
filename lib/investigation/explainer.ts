import type { IndexDefinition, TableName } from './index-definition.js';
import type { IndexNeed } from './index-need.js';
import type { DatabaseKind, QueryPlan } from './query-plan.js';
import type { TableFacts } from './table-facts.js';

/** A statement to explain, as it was sent; `values` only where they may be used. */
export interface ExplainableStatement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** What a database says about a statement, with or without indexes that do not exist. */
export interface Explained {
  readonly plan: QueryPlan;
  /** Base tables the plan reads. */
  readonly tables: readonly TableName[];
  readonly needs: readonly IndexNeed[];
  /** Why `needs` are not known, where they are not. */
  readonly whyNoNeeds?: string;
  /** For each tried index: whether the plan uses it, and how large it would be, where that is known. */
  readonly tried: readonly { readonly isUsed: boolean; readonly bytes?: number }[];
}

/** An index could not be tried, for a reason that lies in the table or the statement: the message. Advice is then a suggestion. */
export class TrialRefused extends Error {}

/** How indexes are tried that do not exist. */
export interface Trial {
  /** `a hypothetical index (HypoPG)` */
  readonly how: string;
  /** Each try builds the index: large tables are left out. */
  readonly isBuilt: boolean;
}

/**
 * The port to a database that can explain: a live connection, or an embedded one with the schema and statistics of
 * another. Every method rejects when the database refuses or cannot be reached, and leaves nothing behind.
 */
export interface Explainer {
  readonly database: DatabaseKind;
  /** Undefined where indexes cannot be tried here: advice is then a suggestion. */
  readonly trial?: Trial;
  /** What would have to be allowed, or installed, to try indexes: `set investigate.trialIndexes.` */
  readonly untried: string;
  explain(statement: ExplainableStatement, indexes?: readonly IndexDefinition[]): Promise<Explained>;
  /** Facts of tables; views and what does not exist are left out. */
  facts(tables: readonly TableName[]): Promise<readonly TableFacts[]>;
}
