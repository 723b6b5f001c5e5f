import { siblingJoins } from '../../analysis/sibling-joins.js';
import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import { loadersBeside } from '../../analysis/other-than-advised.js';
import { pathOfJoin } from '../../analysis/relation-code.js';
import type { EntityLoadRecord, JoinRecord } from '../../record/load-record.js';
import { entityLoad, keptLoad, NOT_KEPT, trialOf } from './kept-load.js';
import type { Candidate, LoadingTrial, NoTrial } from './loading-trial.js';

/** Collections joined side by side: by the `query` strategy, or all but one of them beside the list. */
export function planSeparate({ statement, evidence }: Finding, unit: AnalysedUnit): LoadingTrial | NoTrial {
  const load = entityLoad(
    unit,
    ({ rawRows }, fingerprint) =>
      rawRows === evidence.facts['rawRows'] && fingerprint === statement?.fingerprint,
  );
  const kept = keptLoad(load?.id, unit);
  if (load === undefined || kept === undefined) return NOT_KEPT;
  const { parents } = kept;
  const siblings = siblingJoins(load) ?? [];
  if (siblings.some(({ isSelected }) => !isSelected))
    return { whyNot: 'a condition as EXISTS (subquery) has to be written by hand' };
  const beside = separated(load, siblings, kept.parents, unit);
  const candidates: readonly Candidate[] = [
    ...(parents.kind === 'find' ? [{ form: { parents, change: { kind: 'query' } } } as const] : []),
    ...(beside === undefined ? [] : [beside]),
  ];
  if (candidates.length === 0)
    return { whyNot: 'what is joined below its collections has to be loaded by hand' };
  return trialOf(kept, { today: { parents }, candidates, aim: 'rows', path: [] });
}

/** The one that has joins below it stays. Undefined where several have, or where an eager one would have to go. */
function separated(
  load: EntityLoadRecord,
  siblings: readonly JoinRecord[],
  parents: Candidate['form']['parents'],
  unit: AnalysedUnit,
): Candidate | undefined {
  const isParent = ({ alias }: JoinRecord): boolean =>
    load.joins.some(({ parentAlias }) => parentAlias === alias);
  const stays = siblings.find(isParent) ?? siblings[0];
  const gone = siblings.filter((join) => join !== stays);
  if (parents === undefined || gone.some((join) => isParent(join) || join.isEager)) return undefined;
  const instead = loadersBeside(load, gone, unit);
  const paths = gone.map((join) => pathOfJoin(load, join));
  return (
    instead && {
      form: { parents, change: { kind: 'without', paths }, children: { kind: 'batched', paths } },
      instead,
    }
  );
}
