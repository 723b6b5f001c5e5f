import type { Advice } from '../../analysis/finding.js';
import type { RowWindow } from '../../analysis/row-window.js';
import type { Replay } from '../../record/replay.js';
import type { SqlDialect } from '../../sql/sql-dialect.js';

/** Properties from the root entity, outermost first. */
export type Path = readonly string[];

/** What is changed on the load of the parents. */
export type ParentsChange =
  /** The relation at the path is joined. */
  | { readonly kind: 'join'; readonly path: Path }
  /** Each relation has a statement of its own, the one at the path as well. */
  | { readonly kind: 'query'; readonly path?: Path }
  /** The relations at the paths are not loaded. */
  | { readonly kind: 'without'; readonly paths: readonly Path[] }
  /** Eager relations are switched off, and asked for by name like the others; the one at the path is not loaded. */
  | { readonly kind: 'without-eager'; readonly path: Path }
  /** The columns at the paths are not selected: relations, and the first step of the property. */
  | { readonly kind: 'without-columns'; readonly paths: readonly Path[] };

/** What is loaded once the parents are there, along paths of relations. Levels that came with the parents are not loaded again. */
export type ChildrenForm =
  /** `parents`: so many of those at the last level, as the application did. */
  | { readonly kind: 'one-by-one'; readonly path: Path; readonly parents: number }
  | { readonly kind: 'batched'; readonly paths: readonly Path[] }
  /** The calls that the application made by hand. */
  | { readonly kind: 'calls'; readonly calls: readonly Replay[] }
  /** The same calls as one, with the list of their keys. */
  | { readonly kind: 'by-keys'; readonly calls: readonly Replay[] }
  /** The same calls as one that ranks the rows of each key. */
  | { readonly kind: 'ranked'; readonly calls: readonly Replay[]; readonly window: RowWindow };

/** One way of loading what a finding is about. */
export interface LoadingForm {
  /** Absent: they are rows that cannot be read again; the loop alone is. */
  readonly parents?: Replay;
  readonly change?: ParentsChange;
  readonly children?: ChildrenForm;
}

/** A form that may be better than today's. */
export interface Candidate {
  readonly form: LoadingForm;
  /** What the advice reads where this form is the one that helps. Absent: the form is what the finding advises. */
  readonly instead?: Pick<Advice, 'text' | 'code' | 'choice'>;
}

/** The figure that the advice is about: one that must fall. `volume`: statements, rows or values. */
export type Aim = 'statements' | 'rows' | 'volume';

/** Today's form of loading and others, to be run on the same data. */
export interface LoadingTrial {
  readonly dataSource: string;
  /** Where the load was read, in a data source with replicas. */
  readonly server?: 'primary' | 'replica';
  readonly today: LoadingForm;
  /** Tried one after another, until one helps. */
  readonly candidates: readonly Candidate[];
  /** What the first statement was: a replay that sends another one proves nothing. */
  readonly fingerprint: string;
  readonly dialect: SqlDialect;
  readonly aim: Aim;
  /** The relation that the advised form has and today's loads otherwise: relations from the root. */
  readonly path: Path;
  /** What the advised form lacks on purpose. */
  readonly leftOut?: { readonly relation?: Path; readonly columns?: readonly Path[] };
}

/** Why an advice cannot be tried. */
export interface NoTrial {
  readonly whyNot: string;
}
