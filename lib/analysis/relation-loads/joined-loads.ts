import type { EntityLoadRecord, JoinRecord } from '../../record/load-record.js';
import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import type { AnalysedQuery, LoadNote, RelationLoad } from '../relation-load.js';
import { bytesOf, sumOf, uniqueCallSites } from '../totals.js';

/**
 * Relations that rode on an entity load's own statement. Their rows and times are those of the statement that carries
 * them: a join cannot be timed apart.
 */
export function joinedLoads(
  load: EntityLoadRecord,
  tree: LoadTree,
  batches: BatchIndex,
): readonly RelationLoad[] {
  return load.joins.filter((join) => join.isSelected).map((join) => joinedLoad(load, join, tree, batches));
}

function joinedLoad(
  load: EntityLoadRecord,
  join: JoinRecord,
  tree: LoadTree,
  batches: BatchIndex,
): RelationLoad {
  const queries = carryingQueries(load, tree);
  const pageIds = queries.filter(({ statement }) => statement.isDistinctIds);
  const parents = join.parents ?? load.entities;
  const batch = batches.ofAlias(load, join.parentAlias);
  const fanOut = parents === 0 || join.children === undefined ? 0 : join.children / parents;
  return {
    strategy: join.isEager ? 'eager-join' : 'join',
    dataSource: load.dataSource,
    relation: `${join.entity}.${join.relation}`,
    entity: join.entity,
    property: join.relation,
    isToMany: join.isToMany,
    parents,
    ...(batch === undefined ? {} : { parentBatch: batch, origin: batches.origin(batch) }),
    queries,
    join,
    rows: load.rawRows,
    ...bytesOf(queries),
    entities: join.children ?? 0,
    ...(join.carried === undefined ? {} : { carried: join.carried }),
    idStatements: pageIds.length,
    notes: notesOf(load, join, pageIds.length > 0, queries, tree),
    fanOut,
    maxFanOut: join.maxChildren ?? Math.ceil(fanOut),
    timeMs: {
      wait: sumOf(queries, ({ record }) => record.waitMs),
      execute: sumOf(queries, ({ record }) => record.executeMs),
      hydrate: load.hydrateMs,
    },
    callSites: uniqueCallSites(queries),
    depth: batch === undefined ? 0 : batches.depth(batch),
    identity: `${load.id}`,
    isCount: false,
    isKeyList: false,
    isFirstRows: false,
  };
}

/** The ids of the page, and the rows: what follows reads ids of relations. */
function carryingQueries({ id }: EntityLoadRecord, tree: LoadTree): readonly AnalysedQuery[] {
  const own = tree.queriesWithin(id).filter(({ record }) => record.load === id);
  const rows = own.findIndex(({ statement }) => !statement.isDistinctIds);
  return rows < 0 ? own : own.slice(0, rows + 1);
}

function notesOf(
  load: EntityLoadRecord,
  join: JoinRecord,
  hasPageIds: boolean,
  queries: readonly AnalysedQuery[],
  tree: LoadTree,
): readonly LoadNote[] {
  const parent = load.joins.find(({ alias }) => alias === join.parentAlias);
  return [
    ...(join.isEager && parent?.isEager === true ? (['below-eager'] as const) : []),
    ...(hasPageIds ? (['page-ids'] as const) : []),
    ...(isCounted(load, queries.at(-1), tree) ? (['counted'] as const) : []),
  ];
}

/** Behind the rows, TypeORM counts the distinct main entities of the very same joins. */
function isCounted(load: EntityLoadRecord, rows: AnalysedQuery | undefined, tree: LoadTree): boolean {
  if (rows === undefined || load.joins.length === 0) return false;
  const names = tablesOf(rows);
  return tree.queries.some(
    (query) =>
      query.statement.isCount &&
      query.record.load === load.parentLoad &&
      query.record.sequence > rows.record.sequence &&
      tablesOf(query) === names,
  );
}

function tablesOf({ statement }: AnalysedQuery): string {
  return statement.tables.map(({ name, alias }) => `${name} ${alias}`).join();
}
