import { groundOfLoop } from '../../analysis/repeated-load-advice.js';
import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import type { InsteadOfLoop } from '../../analysis/instead-of-loop.js';
import { isByHand } from '../../analysis/paths-below.js';
import { besideTheList, byQuery } from '../../analysis/other-than-advised.js';
import type { RelationLoad } from '../../analysis/relation-load.js';
import type { Thresholds } from '../../analysis/thresholds.js';
import { groupBy } from '../../analysis/totals.js';
import type { Replay } from '../../record/replay.js';
import { keptLoad, NOT_KEPT, trialOf, type KeptLoad } from './kept-load.js';
import type { Candidate, ChildrenForm, LoadingTrial, NoTrial, Path } from './loading-trial.js';

/** Advice that is no form of loading. */
const NO_FORM: Readonly<Partial<Record<InsteadOfLoop, string>>> = {
  'page-of-each': 'a page of each parent is not what is read today',
  'lonely-keys': 'when a DataLoader collects its keys is up to the application',
  'back-reference': 'there is nothing to load, the parent is at hand',
  tree: 'building the tree is up to the application',
};

/** A relation or rows, parent by parent: with their list, beside it, or all keys at once. */
export function planLoop(
  finding: Finding,
  unit: AnalysedUnit,
  thresholds: Pick<Thresholds, 'unboundedRows'>,
): LoadingTrial | NoTrial {
  const { relation, dataSource, advice } = finding;
  const repeated = unit.repeatedLoads.filter(
    (each) => each.relation === relation && each.dataSource === dataSource && !each.isCount,
  );
  const [first] = repeated;
  const loads = largestBatch(repeated.flatMap((each) => each.loads));
  if (first === undefined || loads[0] === undefined) return NOT_KEPT;
  const ground = groundOfLoop(first, unit, thresholds);
  const noForm = NO_FORM[ground];
  if (noForm !== undefined) return { whyNot: noForm };
  const window = loads.find((load) => load.window !== undefined)?.window;
  if (window !== undefined) return planKeys(loads, unit, (calls) => ({ kind: 'ranked', calls, window }));
  return advice.choice === undefined || ground === 'keys'
    ? planKeys(loads, unit)
    : planTogether(advice.choice, loads, unit);
}

function planTogether(
  choice: NonNullable<Finding['advice']['choice']>,
  loads: readonly RelationLoad[],
  unit: AnalysedUnit,
): LoadingTrial | NoTrial {
  const [load] = loads as [RelationLoad];
  const list = listOf(load, unit);
  const today = list && childrenOf(loads, list.path, unit);
  if (list === undefined || today === undefined) return NOT_KEPT;
  const { parents, path } = list;
  const batched = { parents, children: { kind: 'batched', paths: [path] } } as const;
  const joined: Candidate = { form: { parents, change: { kind: 'join', path } } };
  const queried: Candidate = { form: { parents, change: { kind: 'query', path } } };
  const isFind = parents.kind === 'find';
  const advised = choice === 'join' ? joined : choice === 'query' && isFind ? queried : { form: batched };
  const beside = choice === 'batch' ? undefined : besideTheList(load, unit);
  const children: ChildrenForm =
    today.kind === 'calls' ? { kind: 'by-keys', calls: today.calls } : batched.children;
  return trialOf(list, {
    today: { parents, children: today },
    candidates: [
      advised,
      ...(choice === 'join' && isFind ? [{ ...queried, instead: byQuery(load, unit) }] : []),
      ...(beside === undefined ? [] : [{ form: { parents, children }, instead: beside }]),
    ],
    aim: 'statements',
    path,
  });
}

/** No relation is advised: the calls as they were, and one call with all of their keys. */
function planKeys(
  loads: readonly RelationLoad[],
  unit: AnalysedUnit,
  together: (calls: readonly Replay[]) => ChildrenForm = (calls) => ({ kind: 'by-keys', calls }),
): LoadingTrial | NoTrial {
  const calls = callsOf(loads, unit);
  const [load] = loads as [RelationLoad];
  const list = keptLoad(unit.batches.rootLoad(load.parentBatch), unit);
  const first = list ?? keptLoad(callOf(load, unit), unit);
  if (calls === undefined || first === undefined) return NOT_KEPT;
  const parents = list === undefined ? {} : { parents: list.parents };
  return trialOf(first, {
    today: { ...parents, children: { kind: 'calls', calls } },
    candidates: [{ form: { ...parents, children: together(calls) } }],
    aim: 'statements',
    path: [],
  });
}

/** The list that the parents came from. */
interface ParentList extends KeptLoad {
  /** From its entities to the relation. */
  readonly path: Path;
}

/** The list, where it can be read again. */
export function listOf({ parentBatch, property }: RelationLoad, unit: AnalysedUnit): ParentList | undefined {
  const list = keptLoad(unit.batches.rootLoad(parentBatch), unit);
  if (list === undefined || property === undefined) return undefined;
  return { ...list, path: [...unit.batches.path(parentBatch), property] };
}

/** Today's form of it. */
export function childrenOf(
  loads: readonly RelationLoad[],
  path: Path,
  unit: AnalysedUnit,
): Extract<ChildrenForm, { kind: 'one-by-one' | 'calls' }> | undefined {
  if (!loads.every(isByHand)) return { kind: 'one-by-one', path, parents: loads.length };
  const calls = callsOf(loads, unit);
  return calls && { kind: 'calls', calls };
}

function callsOf(loads: readonly RelationLoad[], unit: AnalysedUnit): readonly Replay[] | undefined {
  const calls = loads.flatMap((load) => unit.unit.replays?.get(callOf(load, unit) ?? -1) ?? []);
  return calls.length < loads.length ? undefined : calls;
}

function callOf({ queries }: RelationLoad, { tree }: AnalysedUnit): number | undefined {
  return tree.outermost(queries[0]?.record.load)?.id;
}

/** The loads of the parents that came from one list; of several lists the one with most. */
export function largestBatch(loads: readonly RelationLoad[]): readonly RelationLoad[] {
  const batches = [...groupBy(loads, ({ parentBatch }) => String(parentBatch)).values()];
  return batches.reduce((largest, batch) => (batch.length > largest.length ? batch : largest), []);
}
