import type { AnalysedUnit } from '../../analysis/detector.js';
import type { Finding } from '../../analysis/finding.js';
import { keptLoad, NOT_KEPT, trialOf, type KeptLoad } from './kept-load.js';
import type { LoadingTrial, NoTrial } from './loading-trial.js';

/** Watched loads of a unit of work, by data source and each of the statements they sent. */
export function watchedLoads(unit: AnalysedUnit): readonly (readonly [string, KeptLoad])[] {
  if (unit.unit.replays === undefined) return [];
  return unit.unit.loads.flatMap((load) => {
    const kept = load.kind === 'entities' && load.reads !== undefined ? keptLoad(load.id, unit) : undefined;
    if (kept === undefined) return [];
    const own = unit.tree.queriesWithin(load.id).filter(({ record }) => record.load === load.id);
    return own.map(({ statement }) => [watchedKey(load.dataSource, statement.fingerprint), kept] as const);
  });
}

/** A load by its data source and a statement of it. */
export function watchedKey(dataSource: string, fingerprint: string): string {
  return `${dataSource}\n${fingerprint}`;
}

/** How to try what is advised where something is loaded and not read, given such a load; undefined for other findings. */
export function planUnread(finding: Finding, kept: KeptLoad | undefined): LoadingTrial | NoTrial | undefined {
  if (finding.kind !== 'unused-relation' && finding.kind !== 'unused-columns') return undefined;
  if (kept === undefined) return NOT_KEPT;
  return finding.kind === 'unused-relation' ? planWithout(finding, kept) : planColumns(finding, kept);
}

function planWithout({ evidence: { facts } }: Finding, kept: KeptLoad): LoadingTrial | undefined {
  const { path: dotted, strategy } = facts;
  if (typeof dotted !== 'string') return undefined;
  const { parents } = kept;
  const path = dotted.split('.');
  const change =
    strategy === 'eager-join'
      ? ({ kind: 'without-eager', path } as const)
      : ({ kind: 'without', paths: [path] } as const);
  return trialOf(kept, {
    today: { parents },
    candidates: [{ form: { parents, change } }],
    aim: 'volume',
    path,
    leftOut: { relation: path },
  });
}

function planColumns({ evidence: { facts } }: Finding, kept: KeptLoad): LoadingTrial | undefined {
  const { paths: dotted } = facts;
  if (typeof dotted !== 'string') return undefined;
  const { parents } = kept;
  const paths = dotted.split(', ').map((path) => path.split('.'));
  return trialOf(kept, {
    today: { parents },
    candidates: [{ form: { parents, change: { kind: 'without-columns', paths } } }],
    aim: 'volume',
    path: [],
    leftOut: { columns: paths },
  });
}
