import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import { isByHand } from '../../analysis/paths-below.js';
import { NOT_KEPT, trialOf } from './kept-load.js';
import type { LoadingTrial, NoTrial } from './loading-trial.js';
import { childrenOf, listOf } from './plan-loop.js';

/** What came with the parents is what the advice says to use. */
export function planAgain({ relation, dataSource }: Finding, unit: AnalysedUnit): LoadingTrial | NoTrial {
  const double = unit.doubleLoads.find(
    (candidate) => candidate.relation === relation && candidate.first.dataSource === dataSource,
  );
  const again = double?.again ?? [];
  const list = again[0] && listOf(again[0], unit);
  if (list === undefined) return NOT_KEPT;
  const { parents, path } = list;
  // TypeORM's own second load, of an eager relation under the query strategy: it comes without being asked for.
  if (again.every(({ strategy }) => strategy === 'query'))
    return trialOf(list, {
      today: { parents },
      candidates: [{ form: { parents, change: { kind: 'without', paths: [path] } } }],
      aim: 'statements',
      path: [],
    });
  if (!again.every(isByHand)) return { whyNot: 'only calls by hand are run again' };
  const children = childrenOf(again, path, unit);
  if (children === undefined) return NOT_KEPT;
  return trialOf(list, {
    today: { parents, children },
    candidates: [{ form: { parents } }],
    aim: 'statements',
    path,
  });
}
