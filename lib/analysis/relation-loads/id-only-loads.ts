import type { EntityLoadRecord } from '../../record/load-record.js';
import type { EntityModel, RelationModel } from '../../record/schema-model.js';
import { isSameName } from '../../sql/is-same-name.js';
import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import type { AnalysedQuery, RelationLoad } from '../relation-load.js';
import type { SchemaIndex } from '../schema-index.js';
import { bytesOf, uniqueCallSites } from '../totals.js';

/** A class whose entities a load made. */
interface Owner {
  readonly entity: EntityModel;
  readonly batch: number | undefined;
  readonly entities: number;
}

/**
 * Ids of a relation without its entities: `@RelationId`, or `loadRelationIds`. A to-many relation takes TypeORM a statement
 * for each list, after the list's own; the statements for pairs of ids are others.
 */
export function idOnlyLoads(
  load: EntityLoadRecord,
  pairs: ReadonlySet<AnalysedQuery>,
  tree: LoadTree,
  batches: BatchIndex,
  schema: SchemaIndex | undefined,
): readonly RelationLoad[] {
  const own = tree.queriesWithin(load.id).filter(({ record }) => record.load === load.id);
  const further = own.filter(({ statement }) => !statement.isDistinctIds).slice(1);
  if (further.length === 0 || schema === undefined) return [];
  const owners = ownersOf(load, batches, schema);
  return further.flatMap((query) => {
    if (pairs.has(query)) return [];
    for (const owner of owners) {
      const relation = owner.entity.relations.find((candidate) => isOf(candidate, query, schema));
      if (relation !== undefined) return [idOnlyLoad(load, owner, relation, query, batches)];
    }
    return [];
  });
}

function ownersOf(load: EntityLoadRecord, batches: BatchIndex, schema: SchemaIndex): readonly Owner[] {
  const main = schema.entity(load.entity);
  const joined = load.joins.flatMap((join): Owner[] => {
    const relation = schema.entity(join.entity)?.relations.find(({ property }) => property === join.relation);
    const entity = join.isSelected ? schema.entity(relation?.target) : undefined;
    if (entity === undefined) return [];
    return [{ entity, batch: batches.ofAlias(load, join.alias), entities: join.children ?? 0 }];
  });
  return main === undefined
    ? joined
    : [{ entity: main, batch: load.batch, entities: load.entities }, ...joined];
}

/** By the columns that refer to the owner: in the junction table, or in the children's. */
function isOf(
  { junction, isOwning, inverse, target }: RelationModel,
  { statement }: AnalysedQuery,
  schema: SchemaIndex,
): boolean {
  const has = (table: string | undefined): boolean =>
    table !== undefined && statement.tables.some(({ name }) => isSameName(name, table));
  if (junction !== undefined) return has(junction.table);
  const child = schema.entity(target);
  if (isOwning || child === undefined || !has(child.table)) return false;
  const keys = child.relations.find(({ property }) => property === inverse)?.joinColumns ?? [];
  return (
    keys.length > 0 && keys.every((key) => statement.predicates.some(({ column }) => column === key.column))
  );
}

function idOnlyLoad(
  { dataSource }: EntityLoadRecord,
  { entity, batch, entities: parents }: Owner,
  { property, target, kind }: RelationModel,
  query: AnalysedQuery,
  batches: BatchIndex,
): RelationLoad {
  const { rowsReturned = 0, waitMs, executeMs } = query.record;
  const fanOut = parents === 0 ? 0 : rowsReturned / parents;
  return {
    strategy: 'id-only',
    dataSource,
    relation: `${entity.name}.${property}`,
    entity: entity.name,
    property,
    target,
    isToMany: kind.endsWith('to-many'),
    parents,
    ...(batch === undefined ? {} : { parentBatch: batch, origin: batches.origin(batch) }),
    queries: [query],
    rows: rowsReturned,
    ...bytesOf([query]),
    entities: rowsReturned,
    carried: { rows: rowsReturned, distinct: rowsReturned },
    fanOut,
    maxFanOut: Math.ceil(fanOut),
    timeMs: { wait: waitMs, execute: executeMs, hydrate: 0 },
    callSites: uniqueCallSites([query]),
    depth: batches.depth(batch),
    identity: `${query.record.sequence}`,
    // loadRelationCountAndMap()
    isCount: query.statement.isCount || query.statement.isAggregate,
    isKeyList: false,
    isFirstRows: false,
  };
}
