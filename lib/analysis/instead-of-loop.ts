import type { LoadingStrategy } from './relation-load.js';

/** What becomes of a relation that is loaded parent by parent. */
export type InsteadOfLoop =
  /** So many children for each parent that all of them are too many. */
  | 'page-of-each'
  /** A DataLoader whose batches hold one key each. */
  | 'lonely-keys'
  /** The resolver of a GraphQL field. */
  | 'field'
  /** The parent is at hand. */
  | 'back-reference'
  /** The first or last row of each parent. */
  | 'first-rows'
  /** `findTrees()`. */
  | 'tree'
  /** No relation, part of one, or raw rows: all keys in one statement. */
  | 'keys'
  /** Loaded with its parents. */
  | 'together';

/** What is known of such a relation: of one loop in one unit of work, or of all of a route. */
export interface LoopFacts {
  readonly relation: string;
  readonly property?: string;
  readonly strategy: LoadingStrategy;
  readonly isToMany: boolean;
  /** Children for each parent. */
  readonly fanOut: number;
  readonly isKeyList: boolean;
  readonly fieldPath?: string;
  readonly isBackReference: boolean;
  readonly isFirstRows: boolean;
  readonly isFiltered: boolean;
  /** The parents are entities that a call has read. */
  readonly hasList: boolean;
}

/** More children for each parent than this, and a join repeats the parent's columns too often. */
export const SMALL_FAN_OUT = 10;

/** The one order in which the advice of a finding and the verdict of a report are chosen. */
export function insteadOfLoop(facts: LoopFacts, unboundedRows: number): InsteadOfLoop {
  if (facts.relation.endsWith(' tree')) return 'tree';
  if (facts.isToMany && facts.fanOut >= unboundedRows) return 'page-of-each';
  if (facts.isKeyList) return 'lonely-keys';
  if (facts.fieldPath !== undefined) return 'field';
  if (facts.isBackReference) return 'back-reference';
  if (facts.isFirstRows && facts.strategy === 'manual') return 'first-rows';
  return facts.property === undefined || facts.isFiltered || !facts.hasList ? 'keys' : 'together';
}

/** Joined where rows stay few: to-one, or a small collection that is the only one of its parent. */
export function joinOrQuery(facts: {
  readonly isToMany: boolean;
  readonly fanOut: number;
  /** Another collection of the same parent is joined, or will be. */
  readonly hasSibling: boolean;
  /** The list loads its relations by the `query` strategy already. */
  readonly isByQuery: boolean;
}): 'join' | 'query' {
  if (facts.isByQuery) return 'query';
  return facts.isToMany && (facts.fanOut > SMALL_FAN_OUT || facts.hasSibling) ? 'query' : 'join';
}
