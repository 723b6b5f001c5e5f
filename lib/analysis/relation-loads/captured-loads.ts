import type { RelationLoadRecord } from '../../record/load-record.js';
import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import { valuesIdentity } from '../query-values.js';
import type { AnalysedQuery, RelationLoad } from '../relation-load.js';
import { bytesOf, sumOf, uniqueCallSites } from '../totals.js';

/**
 * A relation that TypeORM's relation loader fetched: lazy, `qb.relation()`, or the `query` strategy, whose statement for
 * the pairs of ids is given.
 */
export function capturedLoad(
  load: RelationLoadRecord,
  tree: LoadTree,
  batches: BatchIndex,
  pair: AnalysedQuery | undefined,
): RelationLoad {
  const own = tree.queriesWithin(load.id).filter(({ record }) => tree.relationAround(record.load) === load);
  const queries = pair === undefined ? own : [...own, pair];
  const [first] = own;
  const rows = sumOf(queries, ({ record }) => record.rowsReturned ?? 0);
  const parents = Math.max(1, load.parents);
  const batch = load.parentBatch;
  return {
    strategy: load.how,
    dataSource: load.dataSource,
    relation: `${load.entity}.${load.relation}`,
    entity: load.entity,
    property: load.relation,
    target: load.target,
    isToMany: load.isToMany,
    parents: load.parents,
    ...(batch === undefined ? {} : { parentBatch: batch, origin: batches.origin(batch) }),
    queries,
    rows,
    ...bytesOf(queries),
    entities: load.entities,
    ...carriedBy(own, tree),
    idStatements: pair === undefined ? 0 : 1,
    fanOut: load.entities / parents,
    maxFanOut: Math.ceil(load.entities / parents),
    timeMs: {
      wait: sumOf(queries, ({ record }) => record.waitMs),
      execute: sumOf(queries, ({ record }) => record.executeMs),
      hydrate: hydrationOf(own, tree),
    },
    callSites: uniqueCallSites(queries),
    ...(first?.record.fieldPath === undefined ? {} : { fieldPath: first.record.fieldPath }),
    depth: batches.depth(batch),
    identity:
      first === undefined ? `load ${load.id}` : `${first.statement.fingerprint}:${valuesIdentity(first)}`,
    ...(load.served === undefined ? {} : { served: load.served }),
    isCount: false,
    isKeyList: false,
    isFirstRows: false,
  };
}

function hydrationOf(queries: readonly AnalysedQuery[], tree: LoadTree): number {
  const loads = new Set(queries.map(({ record }) => tree.find(record.load)));
  return sumOf(loads, (load) => (load?.kind === 'entities' ? load.hydrateMs : 0));
}

/** Of the entity loads that the statements belong to: their rows, and the entities made of them. */
function carriedBy(queries: readonly AnalysedQuery[], tree: LoadTree): Pick<RelationLoad, 'carried'> {
  const loads = [...new Set(queries.map(({ record }) => tree.find(record.load)))];
  const known = loads.flatMap((load) => (load?.kind === 'entities' ? [load] : []));
  if (known.length === 0) return {};
  const rows = sumOf(known, ({ rawRows }) => rawRows);
  return { carried: { rows, distinct: sumOf(known, ({ entities }) => entities) } };
}
