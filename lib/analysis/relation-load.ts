import type { CallSite } from '../record/call-site.js';
import type { JoinRecord } from '../record/load-record.js';
import type { QueryRecord } from '../record/query-record.js';
import type { KeptStatement } from './kept-statement.js';
import type { RowWindow } from './row-window.js';

/** How the rows of a relation were fetched. */
export type LoadingStrategy =
  | 'lazy'
  | 'eager-join'
  | 'join'
  | 'query'
  | 'relation-builder'
  /** The ids of a relation and not its entities: `@RelationId`, `loadRelationIds`. */
  | 'id-only'
  /** One statement of QueryLens for many parents: `autoBatch`, or `createRelationLoader()`. */
  | 'batched'
  /** A repository call with the foreign key: `findBy({ authorId })`. */
  | 'manual'
  /** A repository call with the primary key that a parent carried: `findOneBy({ id: post.authorId })`. */
  | 'by-id';

/** What TypeORM does beside loading the relation. */
export type LoadNote =
  /** Eager, as the relation is that it hangs on. */
  | 'below-eager'
  /** Joined to read the ids of a page as well. */
  | 'page-ids'
  /** Joined to count as well: `findAndCount()`, `getManyAndCount()`. */
  | 'counted';

/** A statement of a unit together with what its text says. */
export interface AnalysedQuery {
  readonly record: QueryRecord;
  readonly statement: KeptStatement;
}

/** One relation fetched once: for one parent (lazy, manual) or for all parents of a load (join, query). */
export interface RelationLoad {
  readonly strategy: LoadingStrategy;
  readonly dataSource: string;
  /** `Author.books`; `Author by id` where no relation is known. */
  readonly relation: string;
  /** Class and property, where the relation is known. */
  readonly entity?: string;
  readonly property?: string;
  readonly target?: string;
  readonly isToMany: boolean;
  readonly parents: number;
  /** Batch the parents belong to, when there are two or more in it. */
  readonly parentBatch?: number;
  /** Statements that this load alone caused; empty for a join, which rides on its root's statement. */
  readonly queries: readonly AnalysedQuery[];
  readonly join?: JoinRecord;
  readonly rows: number;
  /** Bytes of its statements, where they were measured; for a join those of the statement that it rides on. */
  readonly bytes?: number;
  /** Child entities that came of it. */
  readonly entities: number;
  /** Rows that carried such an entity, and how many different ones those were; absent when not counted. */
  readonly carried?: { readonly rows: number; readonly distinct: number };
  readonly notes?: readonly LoadNote[];
  /** Statements that read ids only: those of a page that is joined, or the pairs of the query strategy. */
  readonly idStatements?: number;
  /** Children for each parent: the mean of this load. */
  readonly fanOut: number;
  readonly maxFanOut: number;
  readonly timeMs: { readonly wait: number; readonly execute: number; readonly hydrate: number };
  readonly callSites: readonly CallSite[];
  readonly fieldPath?: string;
  /** Place and statement of the list that the parents came from: several pages of one loop share it. */
  readonly origin?: string;
  /** Relations between that list and this load: 0 for the list's own entities. */
  readonly depth: number;
  /** What was asked for: equal for loads with the same values. */
  readonly identity: string;
  /** The property a lookup by hand went by: of the class that has the column. */
  readonly key?: { readonly entity: string; readonly property: string };
  /** Batched: parents that were given their share, of those it was loaded for. */
  readonly served?: number;
  /** A lookup by hand that read rows beyond the relation: the property of `target` that leads to them. */
  readonly through?: string;
  /** A lookup by hand that loaded relations of its rows as well. */
  readonly hasRelations?: true;
  /** A count or an existence test instead of rows. */
  readonly isCount: boolean;
  /** Written as a list of keys that held one key: what a DataLoader does whose batches do not fill. */
  readonly isKeyList: boolean;
  /** Some rows were asked for, by LIMIT: the first or the last of each parent, which no relation option can say. */
  readonly isFirstRows: boolean;
  /** Which rows of each parent those are. */
  readonly window?: RowWindow;
  /** A lookup by hand that asked for more than the key: only some of the relation's rows. */
  readonly isFiltered?: boolean;
}
