import type { Explainer } from './explainer.js';
import { DEARER, IndexChoice, type ChosenIndexes } from './index-choice.js';
import { MAX_INCLUDED } from './index-candidates.js';
import { indexKey, type IndexDefinition } from './index-definition.js';
import { weigh } from './plan-weight.js';
import { factsOfTable, unitOf, type Examined, type Workload, type WorkloadIndex } from './workload-index.js';

/** Different indexes that are compared with each other. */
const MAX_COMPARED = 12;

/**
 * The fewest indexes for the most saved time: again and again the one that saves most, each statement counted with those
 * chosen before, until none halves the cost of a statement any more.
 */
export async function workloadIndexes(
  explainer: Explainer,
  examined: readonly Examined[],
): Promise<Workload> {
  const untried = examined.filter(({ judgement }) => judgement.untried !== undefined);
  const tried = examined.filter(({ judgement }) => judgement.untried === undefined);
  const chosen =
    explainer.trial === undefined
      ? { indexes: [], refused: new Map() }
      : await fewest(
          (pool) => new IndexChoice(explainer, explainer.trial?.how ?? '', tried, pool).run(),
          tried,
        );
  // What was proved for other statements may be all that an untried one needs.
  const suggested = suggestions(untried).filter(
    ({ index }) =>
      !chosen.indexes.some((own) => indexKey(own.index) === indexKey(index) || begins(own.index, index)),
  );
  return { indexes: [...chosen.indexes, ...suggested], refused: chosen.refused };
}

/** Chosen indexes, less those that are the beginning of another one and hardly missed beside it. */
async function fewest(
  choose: (pool: readonly IndexDefinition[]) => Promise<ChosenIndexes>,
  examined: readonly Examined[],
): Promise<Workload> {
  const pool = pooled(examined);
  let best = await choose([...pool, ...joinedForms(pool)]);
  for (const { index } of best.indexes) {
    const others = best.indexes.flatMap((other) => (other.index === index ? [] : other.index));
    if (!others.some((other) => beginsAlike(other, index))) continue;
    const without = await choose(others);
    if (examined.every((each) => isHardlyDearer(each, best, without)))
      best = { ...without, refused: best.refused };
  }
  return best;
}

function isHardlyDearer(each: Examined, best: ChosenIndexes, without: ChosenIndexes): boolean {
  const weightIn = ({ plans }: ChosenIndexes): number =>
    weigh(plans.get(each) ?? each.judgement.explained.plan, unitOf(each)) ?? 0;
  return weightIn(without) <= weightIn(best) * DEARER;
}

/** `(sensor) INCLUDE (value)` and `(sensor, at)` as one: `(sensor, at) INCLUDE (value)`. */
function joinedForms(pool: readonly IndexDefinition[]): readonly IndexDefinition[] {
  return pool.flatMap(({ include: own = [], ...narrow }) =>
    pool.flatMap(({ include: others = [], ...wide }): readonly IndexDefinition[] => {
      if (own.length === 0 || !beginsAlike(wide, narrow)) return [];
      const keys = new Set(wide.columns.map(({ column }) => column));
      const include = [...new Set([...own, ...others])].filter((column) => !keys.has(column));
      return include.length === 0 || include.length > MAX_INCLUDED ? [] : [{ ...wide, include }];
    }),
  );
}

/** Different indexes, those of the dearest statements first. */
function pooled(examined: readonly Examined[]): readonly IndexDefinition[] {
  const all = bySaving(examined).flatMap(({ judgement }) => judgement.indexes);
  return [...new Map(all.map((index) => [indexKey(index), index])).values()].slice(0, MAX_COMPARED);
}

function bySaving(examined: readonly Examined[]): readonly Examined[] {
  return [...examined].sort((a, b) => b.suspect.msPerHour - a.suspect.msPerHour);
}

/** Nothing can be compared: an index that is the beginning of another one is left out. */
function suggestions(examined: readonly Examined[]): readonly WorkloadIndex[] {
  const all = pooled(examined);
  const widest = all.filter((index) => !all.some((other) => other !== index && begins(other, index)));
  return widest.map((index): WorkloadIndex => {
    const served = bySaving(examined).filter(({ judgement }) =>
      judgement.indexes.some(
        (own) => own === index || indexKey(own) === indexKey(index) || begins(index, own),
      ),
    );
    return {
      index,
      facts: factsOfTable(served, index),
      served: served.map((each) => ({
        suspect: each.suspect,
        unit: unitOf(each),
        before: weigh(each.judgement.explained.plan, unitOf(each)) ?? 0,
      })),
      savedMsPerHour: 0,
      ...untriedBecause(served),
    };
  });
}

function untriedBecause(served: readonly Examined[]): { untried?: string } {
  const reason = served.find(({ judgement }) => judgement.untried !== undefined)?.judgement.untried;
  return reason === undefined ? {} : { untried: reason };
}

/** What is stored beside the keys counts as well. */
function begins(wide: IndexDefinition, narrow: IndexDefinition): boolean {
  const stored = [...wide.columns.map(({ column }) => column), ...(wide.include ?? [])];
  return beginsAlike(wide, narrow) && (narrow.include ?? []).every((column) => stored.includes(column));
}

function beginsAlike(wide: IndexDefinition, narrow: IndexDefinition): boolean {
  return (
    wide.table.name === narrow.table.name &&
    wide.table.schema === narrow.table.schema &&
    wide.where === narrow.where &&
    wide.columns.length > narrow.columns.length &&
    narrow.columns.every(({ column }, at) => wide.columns[at]?.column === column)
  );
}
