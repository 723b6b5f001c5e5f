import type { AnalysedUnit } from '../../analysis/detector.js';
import type { EntityLoadRecord } from '../../record/load-record.js';
import type { Replay } from '../../record/replay.js';
import { dialectOf } from '../../sql/sql-dialect.js';
import type { LoadingTrial, NoTrial } from './loading-trial.js';

/** A load that can be run again, where it was read, and its first statement. */
export interface KeptLoad extends Pick<LoadingTrial, 'dataSource' | 'server' | 'fingerprint' | 'dialect'> {
  readonly parents: Replay;
}

/** Raw statements, rows that are locked, a load within a load, and what came after the maximum of a unit. */
export const NOT_KEPT: NoTrial = {
  whyNot:
    'its loads were not kept: only find*() and query builders that make entities and lock no rows can be run again',
};

/** Undefined where the load cannot be run again. */
export function keptLoad(load: number | undefined, unit: AnalysedUnit): KeptLoad | undefined {
  const record = load === undefined ? undefined : unit.tree.find(load);
  const parents = record && unit.unit.replays?.get(record.id);
  const [first] = record === undefined ? [] : unit.tree.queriesWithin(record.id);
  if (record === undefined || parents === undefined || first === undefined) return undefined;
  const { dataSource } = record;
  const { server } = first.record;
  const dialect = dialectOf(unit.schemas.get(dataSource)?.driver ?? '');
  const { fingerprint } = first.statement;
  return { parents, dataSource, fingerprint, dialect, ...(server === undefined ? {} : { server }) };
}

/** The load of entities that sent a statement, by what is known of it. */
export function entityLoad(
  unit: AnalysedUnit,
  isIt: (load: EntityLoadRecord, fingerprint: string | undefined) => boolean,
): EntityLoadRecord | undefined {
  return unit.unit.loads.find(
    (load): load is EntityLoadRecord =>
      load.kind === 'entities' && isIt(load, unit.tree.queriesWithin(load.id)[0]?.statement.fingerprint),
  );
}

/** A trial without what its load is made of. */
export function trialOf(
  { dataSource, server, fingerprint, dialect }: Omit<KeptLoad, 'parents'>,
  rest: Pick<LoadingTrial, 'today' | 'candidates' | 'aim' | 'path' | 'leftOut'>,
): LoadingTrial {
  return { dataSource, fingerprint, dialect, ...(server === undefined ? {} : { server }), ...rest };
}
