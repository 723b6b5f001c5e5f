import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import type { RelationLoad } from '../../analysis/relation-load.js';
import { groupBy } from '../../analysis/totals.js';
import type { EntityLoadRecord } from '../../record/load-record.js';
import type { Replay } from '../../record/replay.js';
import { dialectOf, type SqlDialect } from '../../sql/sql-dialect.js';
import type { ChildrenForm, LoadingForm, LoadingTrial } from './loading-trial.js';

/** How to try the advice of a finding of one unit of work; undefined where its loads are not there to be run again. */
export function planTrial(finding: Finding, unit: AnalysedUnit): LoadingTrial | undefined {
  switch (finding.kind) {
    case 'n-plus-one':
      return planLoop(finding, unit);
    case 'double-load':
      return planAgain(finding, unit);
    case 'cartesian-product':
      return planSeparate(finding, unit);
    default:
      return undefined;
  }
}

/** A load that can be run again, and its first statement. */
export interface KeptLoad {
  readonly parents: Replay;
  readonly fingerprint: string;
  readonly dialect: SqlDialect;
}

/** Watched loads of a unit of work, by data source and each of the statements they sent. */
export function watchedLoads(unit: AnalysedUnit): readonly (readonly [string, KeptLoad])[] {
  const { replays } = unit.unit;
  if (replays === undefined) return [];
  return unit.unit.loads.flatMap((load) => {
    const replay = load.kind === 'entities' && load.reads !== undefined ? replays.get(load.id) : undefined;
    const fingerprint = replay && fingerprintOf(load.id, unit);
    if (replay === undefined || fingerprint === undefined) return [];
    const kept = { parents: replay, fingerprint, dialect: dialectIn(load.dataSource, unit) };
    const own = unit.tree.queriesWithin(load.id).filter(({ record }) => record.load === load.id);
    return own.map(({ statement }) => [watchedKey(load.dataSource, statement.fingerprint), kept] as const);
  });
}

/** A load by its data source and a statement of it. */
export function watchedKey(dataSource: string, fingerprint: string): string {
  return `${dataSource}\n${fingerprint}`;
}

/** How to try the advice of an `unused-relation`, given a load that had the relation. */
export function planWithout(
  { dataSource, evidence }: Finding,
  { parents, fingerprint, dialect }: KeptLoad,
): LoadingTrial | undefined {
  const { path: dotted, strategy } = evidence.facts;
  // TypeORM cannot leave out one eager relation of several.
  if (typeof dotted !== 'string' || strategy === 'eager-join') return undefined;
  const path = dotted.split('.');
  return {
    dataSource,
    today: { parents },
    advised: { parents, change: { kind: 'without', path } },
    fingerprint,
    dialect,
    aim: 'volume',
    path,
    isWithout: true,
  };
}

function planLoop({ relation, dataSource, advice }: Finding, unit: AnalysedUnit): LoadingTrial | undefined {
  const loads = unit.repeatedLoads
    .filter(
      (repeated) => repeated.relation === relation && repeated.dataSource === dataSource && !repeated.isCount,
    )
    .flatMap((repeated) => repeated.loads);
  const largest = largestBatch(loads);
  const list = listOf(largest, unit);
  const today = list && childrenOf(largest, list.path, unit);
  if (list === undefined || today === undefined) return undefined;
  const { parents, path } = list;
  const advised = advisedLoop(advice.choice, parents, path);
  return advised && trialOf(list, { parents, children: today }, advised, 'statements');
}

/** What came with the parents is what the advice says to use. */
function planAgain(
  { relation, dataSource, callSites }: Finding,
  unit: AnalysedUnit,
): LoadingTrial | undefined {
  const double = unit.doubleLoads.find(
    (candidate) => candidate.relation === relation && candidate.first.dataSource === dataSource,
  );
  const again = double?.again ?? [];
  const list = listOf(again, unit);
  if (list === undefined || !again.every(isByHand) || callSites.length === 0) return undefined;
  const today = childrenOf(again, list.path, unit);
  const { parents } = list;
  return today && trialOf(list, { parents, children: today }, { parents }, 'statements');
}

function planSeparate({ statement, evidence }: Finding, unit: AnalysedUnit): LoadingTrial | undefined {
  const load = unit.unit.loads.find(
    (candidate): candidate is EntityLoadRecord =>
      candidate.kind === 'entities' &&
      candidate.rawRows === evidence.facts['rawRows'] &&
      fingerprintOf(candidate.id, unit) === statement?.fingerprint,
  );
  const parents = load && unit.unit.replays?.get(load.id);
  if (load === undefined || parents?.kind !== 'find' || statement === undefined) return undefined;
  const { fingerprint } = statement;
  const { dataSource } = load;
  const list = { parents, path: [], fingerprint, dataSource, dialect: dialectIn(dataSource, unit) };
  return trialOf(list, { parents }, { parents, change: { kind: 'query' } }, 'rows');
}

function advisedLoop(
  choice: Finding['advice']['choice'],
  parents: Replay,
  path: readonly string[],
): LoadingForm | undefined {
  if (choice === 'join') return { parents, change: { kind: 'join', path } };
  if (choice === 'query' && parents.kind === 'find') return { parents, change: { kind: 'query', path } };
  return choice === undefined ? undefined : { parents, children: { kind: 'batched', path } };
}

/** The list that the parents came from. */
interface ParentList extends KeptLoad {
  /** From its entities to the relation. */
  readonly path: readonly string[];
  readonly dataSource: string;
}

function listOf([first]: readonly RelationLoad[], unit: AnalysedUnit): ParentList | undefined {
  const { batches } = unit;
  const root = batches.rootLoad(first?.parentBatch);
  const parents = root === undefined ? undefined : unit.unit.replays?.get(root);
  const fingerprint = root === undefined ? undefined : fingerprintOf(root, unit);
  if (first?.property === undefined || parents === undefined || fingerprint === undefined) return undefined;
  const path = [...batches.path(first.parentBatch), first.property];
  const { dataSource } = first;
  return { parents, path, fingerprint, dataSource, dialect: dialectIn(dataSource, unit) };
}

function childrenOf(
  loads: readonly RelationLoad[],
  path: readonly string[],
  { tree, unit }: AnalysedUnit,
): ChildrenForm | undefined {
  if (!loads.every(isByHand)) return { kind: 'one-by-one', path, parents: loads.length };
  const calls = loads.flatMap(({ queries }) => {
    const call = tree.outermost(queries[0]?.record.load);
    return (call && unit.replays?.get(call.id)) ?? [];
  });
  return calls.length < loads.length ? undefined : { kind: 'calls', calls };
}

function trialOf(
  { dataSource, fingerprint, dialect, path }: ParentList,
  today: LoadingForm,
  advised: LoadingForm,
  aim: LoadingTrial['aim'],
): LoadingTrial {
  return { dataSource, today, advised, fingerprint, dialect, aim, path, isWithout: false };
}

function largestBatch(loads: readonly RelationLoad[]): readonly RelationLoad[] {
  const batches = [...groupBy(loads, ({ parentBatch }) => String(parentBatch)).values()];
  return batches.reduce((largest, batch) => (batch.length > largest.length ? batch : largest), []);
}

function isByHand({ strategy }: RelationLoad): boolean {
  return strategy === 'manual' || strategy === 'by-id';
}

function fingerprintOf(load: number, { tree }: AnalysedUnit): string | undefined {
  return tree.queriesWithin(load)[0]?.statement.fingerprint;
}

function dialectIn(dataSource: string, { schemas }: AnalysedUnit): SqlDialect {
  return dialectOf(schemas.get(dataSource)?.driver ?? '');
}
