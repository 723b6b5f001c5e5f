import type { RelationLoad } from './relation-load.js';
import type { TimeLine } from './time-line.js';
import { groupBy } from './totals.js';

/** One relation of the same parents, fetched together with them and then again. */
export interface DoubleLoad {
  readonly relation: string;
  readonly first: RelationLoad;
  readonly again: readonly RelationLoad[];
}

/** A write to the relation's table in between makes the second load a fresh read. */
export function doubleLoads(loads: readonly RelationLoad[], timeLine: TimeLine): readonly DoubleLoad[] {
  const entities = loads.filter(
    (load) =>
      load.parentBatch !== undefined &&
      load.strategy !== 'id-only' &&
      !load.isCount &&
      !load.isFirstRows &&
      isWholeRelation(load),
  );
  if (entities.length < 2) return [];
  const groups = groupBy(entities, (load) => `${load.dataSource}|${load.relation}|${load.parentBatch}`);
  return [...groups.values()].flatMap((group) => {
    const ordered = [...group].sort((a, b) => startOf(a) - startOf(b));
    const first = ordered.find(isTogether);
    if (first === undefined) return [];
    const again = ordered.filter(
      (load) => load !== first && load.queries.length > 0 && !isSameRead(first, load),
    );
    return again.length === 0 || isWrittenAfter(first, again, timeLine)
      ? []
      : [{ relation: first.relation, first, again }];
  });
}

/** And nothing more: a lookup that reads the relations of its rows as well could not do with what was there. */
function isWholeRelation({ isFiltered, through, hasRelations }: RelationLoad): boolean {
  return isFiltered !== true && through === undefined && hasRelations !== true;
}

function isTogether(load: RelationLoad): boolean {
  return load.strategy === 'join' || load.strategy === 'eager-join' || load.strategy === 'query';
}

/** Joins that ride on one statement are one read. */
function isSameRead(first: RelationLoad, load: RelationLoad): boolean {
  return load.queries[0] === first.queries[0] || (load.join !== undefined && first.join !== undefined);
}

function startOf(load: RelationLoad): number {
  return load.queries[0]?.record.sequence ?? 0;
}

function isWrittenAfter(first: RelationLoad, again: readonly RelationLoad[], timeLine: TimeLine): boolean {
  const last = again.reduce((latest, load) => Math.max(latest, startOf(load)), 0);
  return timeLine.isWrittenBetween(
    again.flatMap((load) => load.queries),
    startOf(first),
    last,
  );
}
