import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import { dialectOf } from '../../sql/sql-dialect.js';
import { keptLoad, trialOf } from './kept-load.js';
import type { LoadingTrial, NoTrial } from './loading-trial.js';
import { largestBatch } from './plan-loop.js';

/** A count for each row of a list: the counts as they were, and one statement that groups them by their key. */
export function planCounts({ relation, dataSource }: Finding, unit: AnalysedUnit): LoadingTrial | NoTrial {
  const repeated = unit.repeatedLoads.filter(
    (each) => each.relation === relation && each.dataSource === dataSource && each.isCount,
  );
  const loads = largestBatch(repeated.flatMap((each) => each.loads));
  const calls = loads.flatMap(
    ({ queries: [query] }) => unit.unit.replays?.get(query?.record.load ?? -1) ?? [],
  );
  const first = loads[0]?.queries[0];
  if (first === undefined || calls.length < loads.length)
    return {
      whyNot:
        'its counts were not kept: only count*(), getCount() and exists*() that lock no rows can be run again',
    };
  const list = keptLoad(unit.batches.rootLoad(loads[0]?.parentBatch), unit);
  const parents = list === undefined ? {} : { parents: list.parents };
  const { server } = first.record;
  const own = {
    dataSource,
    fingerprint: first.statement.fingerprint,
    dialect: dialectOf(unit.schemas.get(dataSource)?.driver ?? ''),
    ...(server === undefined ? {} : { server }),
  };
  return trialOf(list ?? own, {
    today: { ...parents, children: { kind: 'calls', calls } },
    candidates: [{ form: { ...parents, children: { kind: 'by-keys', calls } } }],
    aim: 'statements',
    path: [],
  });
}
