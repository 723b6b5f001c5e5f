import type { Finding } from '../analysis/finding.js';
import type { InsteadOfLoop } from '../analysis/instead-of-loop.js';
import type { LoadNote } from '../analysis/relation-load.js';
import type { RelationIdentity, RelationOrigin } from '../statistics/relation-statistics.js';
import type { VerdictChoice } from './report.js';

/** What a verdict rests on: how one relation was loaded on one route. */
export interface JudgedRelation extends Omit<RelationIdentity, 'route' | 'dataSource'> {
  readonly origin?: RelationOrigin;
  readonly units: number;
  readonly loads: number;
  readonly maxLoadsPerUnit: number;
  readonly parents: number;
  readonly entities: number;
  /** Rows that a join of the same would have: parents that were never asked for are not counted. */
  readonly joinedRows: number;
  readonly rows: number;
  /** 95th percentile of the children for each parent. */
  readonly fanOutP95: number;
  readonly fieldPath?: string;
  readonly isFirstRows: boolean;
  readonly isKeyList: boolean;
  readonly isFiltered: boolean;
  readonly notes?: ReadonlySet<LoadNote>;
  /** Statements and loads of the route that were counted and not kept. */
  readonly dropped: number;
}

/** A finding about a relation, as far as a verdict needs it. */
export type RelationFinding = Pick<Finding, 'kind' | 'relation' | 'evidence' | 'advice' | 'whyNot'>;

/** Why a choice was made, for the words that explain it. */
export type Ground =
  /** Parent by parent for one list. */
  | InsteadOfLoop
  | 'huge'
  /** TypeORM reads it with a wrong condition, unless it joins. */
  | 'wrong'
  | 'double-load'
  | 'typeorm-double-load'
  | 'unread'
  /** Unread, but the statement filters or sorts by it. */
  | 'serving'
  | 'count'
  | 'cartesian'
  | 'filter-join'
  | 'truncated'
  | 'dropped'
  | 'fine';

/** A choice with its ground; `siblings` are the to-many relations of the same parent that keep it from being joined. */
export interface Choice {
  readonly relation: JudgedRelation;
  readonly choice: VerdictChoice;
  readonly ground: Ground;
  readonly siblings: readonly string[];
  /** Advised to be joined, in one find with relations that are not; a find has one strategy for all of them. */
  readonly isInQueryFind?: true;
  /** The finding that gave the ground, where one did. */
  readonly finding?: RelationFinding;
}

/** The class whose list a relation can be added to. */
export function rootOf({ origin, entity }: JudgedRelation): string {
  return origin?.list?.entity ?? entity ?? '';
}
