import { callSiteKey, distinctCallSites, type CallSite } from '../record/call-site.js';
import type { BatchIndex } from './batch-index.js';
import type { AnalysedQuery, LoadingStrategy, RelationLoad } from './relation-load.js';
import { groupBy, sumOf } from './totals.js';

/** One relation loaded parent by parent, over the entities of one list (or of several pages of one list). */
export interface RepeatedLoad {
  readonly relation: string;
  readonly strategy: LoadingStrategy;
  readonly dataSource: string;
  readonly loads: readonly RelationLoad[];
  readonly queries: readonly AnalysedQuery[];
  /** Different values asked for. */
  readonly distinct: number;
  readonly batches: readonly number[];
  readonly callSites: readonly CallSite[];
  readonly depth: number;
  readonly isCount: boolean;
}

const ONE_BY_ONE: ReadonlySet<LoadingStrategy> = new Set(['lazy', 'relation-builder', 'manual', 'by-id']);

/**
 * Rolls up loads of one relation whose parents came from one list. Parents loaded singly never count, and one parent
 * read out of a list is none: a batch counts from two different values on.
 */
export function repeatedLoads(loads: readonly RelationLoad[], batches: BatchIndex): readonly RepeatedLoad[] {
  const candidates = loads.filter((load) => isOneByOne(load, batches));
  if (candidates.length === 0) return [];
  const groups = groupBy(
    candidates,
    (load) => `${load.dataSource}|${load.relation}|${load.isCount}|${load.origin}`,
  );
  return [...groups.values()].flatMap((group) => {
    const perBatch = [...groupBy(group, (load) => `${load.parentBatch}`).values()];
    const counted = perBatch.map(withoutSingleCalls).filter((batch) => distinctOf(batch) >= 2);
    return counted.length === 0 ? [] : [rollUp(counted)];
  });
}

/** Lookups by hand are known by the list they came from; entities say how many came with them. */
function isOneByOne(load: RelationLoad, batches: BatchIndex): boolean {
  if (!ONE_BY_ONE.has(load.strategy) || load.parentBatch === undefined || load.parents > 1) return false;
  if (load.queries.length === 0) return false;
  return isByHand(load) || batches.size(load.parentBatch) >= 2;
}

/** Two lookups by hand on two lines are two lookups, no loop: a place counts from two different values on. */
function withoutSingleCalls(batch: readonly RelationLoad[]): readonly RelationLoad[] {
  const loops = new Set<string>();
  for (const [place, loads] of groupBy(batch, placeOf)) if (distinctOf(loads) >= 2) loops.add(place);
  return batch.filter((load) => !isByHand(load) || loops.has(placeOf(load)));
}

function placeOf({ callSites: [site], fieldPath }: RelationLoad): string {
  return site === undefined ? (fieldPath ?? '') : callSiteKey(site);
}

function isByHand({ strategy }: RelationLoad): boolean {
  return strategy === 'manual' || strategy === 'by-id';
}

function distinctOf(loads: readonly RelationLoad[]): number {
  return new Set(loads.map((load) => load.identity)).size;
}

function rollUp(batches: readonly (readonly RelationLoad[])[]): RepeatedLoad {
  const loads = batches.flat();
  const [first] = loads as [RelationLoad];
  return {
    relation: first.relation,
    strategy: first.strategy,
    dataSource: first.dataSource,
    loads,
    queries: loads.flatMap((load) => load.queries),
    distinct: sumOf(batches, distinctOf),
    batches: batches.flatMap((batch) => batch[0]?.parentBatch ?? []),
    callSites: distinctCallSites(loads.flatMap((load) => load.callSites.slice(0, 1))),
    depth: first.depth,
    isCount: first.isCount,
  };
}
