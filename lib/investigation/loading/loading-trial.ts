import type { Replay } from '../../record/replay.js';
import type { SqlDialect } from '../../sql/sql-dialect.js';

/** What is changed on the load of the parents. */
export type ParentsChange =
  /** The relation at the path is joined. */
  | { readonly kind: 'join'; readonly path: readonly string[] }
  /** Each relation has a statement of its own, the one at the path as well. */
  | { readonly kind: 'query'; readonly path?: readonly string[] }
  /** The relation at the path is not loaded. */
  | { readonly kind: 'without'; readonly path: readonly string[] };

/** What is loaded once the parents are there, along a path of relations. Levels that came with the parents are not loaded again. */
export type ChildrenForm =
  /** `parents`: so many of those at the last level, as the application did. */
  | { readonly kind: 'one-by-one'; readonly path: readonly string[]; readonly parents: number }
  | { readonly kind: 'batched'; readonly path: readonly string[] }
  /** The calls that the application made by hand. */
  | { readonly kind: 'calls'; readonly calls: readonly Replay[] };

/** One way of loading what a finding is about. */
export interface LoadingForm {
  readonly parents: Replay;
  readonly change?: ParentsChange;
  readonly children?: ChildrenForm;
}

/** The figure that the advice is about: one that must fall. `volume`: statements, rows or values. */
export type Aim = 'statements' | 'rows' | 'volume';

/** Today's form of loading and the advised one, to be run on the same data. */
export interface LoadingTrial {
  readonly dataSource: string;
  readonly today: LoadingForm;
  readonly advised: LoadingForm;
  /** What the statement of the parents was: a replay that sends another one proves nothing. */
  readonly fingerprint: string;
  readonly dialect: SqlDialect;
  readonly aim: Aim;
  /** The relation that the advised form has and today's loads otherwise: relations from the root. */
  readonly path: readonly string[];
  /** That relation is missing on purpose. */
  readonly isWithout: boolean;
}
