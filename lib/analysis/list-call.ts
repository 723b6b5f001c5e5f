import { relationOf } from '../record/relation-of.js';
import type { EntityLoadRecord } from '../record/load-record.js';
import type { AnalysedUnit } from './detector.js';
import { findCode, joinCode, joinedPaths, variableOf, type RelationPathNames } from './relation-code.js';
import type { RelationLoad } from './relation-load.js';
import { mainTable } from './relation-loads/key-lookup.js';

/** The call that read a list of entities: what a relation of theirs can be added to. */
export interface ListCall {
  /** Class of the entities. */
  readonly entity: string;
  /** By `find*`, and by one that reads a single entity; otherwise by a query builder. */
  readonly isFind: boolean;
  readonly isOne: boolean;
  /** It loads its relations by the `query` strategy. */
  readonly isByQuery: boolean;
  /** Of the main entity in a query builder. */
  readonly alias: string;
  /** Relations that it was asked to load, so not those that are eager. */
  readonly paths: readonly RelationPathNames[];
}

/**
 * The call that the parents of a load came from, or their own parents; for a join the call that joined. Undefined for
 * raw rows, which no relation can be added to, and where it was not seen.
 */
export function listCall(load: RelationLoad, unit: AnalysedUnit): ListCall | undefined {
  const { parentBatch, join, queries } = load;
  const record = unit.tree.find(
    join === undefined ? unit.batches.rootLoad(parentBatch) : queries[0]?.record.load,
  );
  if (record?.kind === 'entities') return ofRecord(record, unit);
  // A batch of entities without a load was read by another unit of work.
  const entity = (parentBatch ?? -1) >= 0 ? (unit.batches.rootEntity(parentBatch) ?? load.entity) : undefined;
  return entity === undefined ? undefined : unseenCall(entity);
}

/** What is not known of a call is taken for a plain `find()`. */
export function unseenCall(entity: string): ListCall {
  return { entity, isFind: true, isOne: false, isByQuery: false, alias: variableOf(entity), paths: [] };
}

/** The call, with relations added to those that it loads already. A query builder can only join. */
export function withRelations(
  { entity, isFind, isOne, alias, paths }: ListCall,
  added: readonly RelationPathNames[],
  strategy: 'join' | 'query',
): string {
  if (!isFind && strategy === 'join') return joinCode(alias, added);
  return findCode(entity, [...paths, ...added], strategy, isOne ? 'findOne' : 'find');
}

/** Joined, or loaded by the `query` strategy. */
export function loadedPaths(call: EntityLoadRecord, unit: AnalysedUnit): readonly RelationPathNames[] {
  return [...joinedPaths(call), ...queriedPaths(call.id, unit)];
}

function queriedPaths(call: number, unit: AnalysedUnit): readonly RelationPathNames[] {
  return unit.unit.loads.flatMap((load) => {
    if (load.kind !== 'relation' || load.how !== 'query' || load.parentLoad !== call) return [];
    if (isEager(load.dataSource, load.entity, load.relation, unit)) return [];
    const inner = unit.unit.loads.filter(
      ({ kind, parentLoad }) => kind === 'entities' && parentLoad === load.id,
    );
    const below = inner.flatMap(({ id }) => queriedPaths(id, unit));
    return [[load.relation], ...below.map((path) => [load.relation, ...path])];
  });
}

function isEager(dataSource: string, entity: string, property: string, { schemas }: AnalysedUnit): boolean {
  return relationOf(schemas.get(dataSource), entity, property)?.isEager === true;
}

function ofRecord(record: EntityLoadRecord, unit: AnalysedUnit): ListCall {
  const { entity, isFind, take, relationLoadStrategy } = record;
  const [query] = unit.tree.queriesWithin(record.id);
  return {
    entity,
    isFind,
    isOne: isFind && take === 1,
    isByQuery: relationLoadStrategy === 'query',
    alias: (query && mainTable(query)?.alias) ?? variableOf(entity),
    paths: loadedPaths(record, unit),
  };
}
