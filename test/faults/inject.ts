import { detectors } from '../../lib/analysis/detectors.js';
import { mayFind } from '../../lib/analysis/may-find.js';
import { Digest } from '../../lib/capture/digest.js';
import { SourceMaps } from '../../lib/capture/source-maps.js';
import { StackPolicy } from '../../lib/capture/stack-policy.js';
import { Channel } from '../../lib/capture/typeorm/channel.js';
import { OpenLoad } from '../../lib/capture/typeorm/open-load.js';
import { ParentBatches } from '../../lib/capture/typeorm/parent-batches.js';
import { RunnerState } from '../../lib/capture/typeorm/runner-state.js';
import { HttpUnits } from '../../lib/context/http-units.js';
import { RunningUnit } from '../../lib/context/running-unit.js';
import { UnitContext } from '../../lib/context/unit-context.js';
import { IgnoreList } from '../../lib/ignore-list.js';
import { KnownDataSources } from '../../lib/known-data-sources.js';
import { FindingLog } from '../../lib/log-findings.js';
import { QueryLog } from '../../lib/log-queries.js';
import { RecentUnits } from '../../lib/recent-units.js';
import { UnitRecorder } from '../../lib/record/unit-recorder.js';
import { Statistics } from '../../lib/statistics/statistics.js';

/** Where QueryLens is broken: an object of ours, and the methods that throw from now on. */
type Place = readonly [object, ...string[]];

/** Every hook and stage, broken one at a time; the report must count the failure. */
export const places: Readonly<Record<string, Place>> = {
  ...Object.fromEntries(Object.keys(detectors).map((kind) => [`the detector ${kind}`, [detectors, kind]])),
  'the statistics': [Statistics.prototype, 'add'],
  'the recent units': [RecentUnits.prototype, 'add'],
  'the log of findings': [FindingLog.prototype, 'add'],
  'the log of statements': [QueryLog.prototype, 'add'],
  'the ignore rules': [IgnoreList.prototype, 'without'],
  'the schema model': [KnownDataSources.prototype, 'schemas'],
  'taking stacks': [StackPolicy.prototype, 'capture', 'take'],
  'bound values': [Digest.prototype, 'add'],
  'the parent batches': [ParentBatches.prototype, 'of', 'start', 'lineage', 'enter', 'addSaved', 'noteIn'],
  'open loads': [OpenLoad.prototype, 'ownMs'],
  'the time of a wait': [RunnerState.prototype, 'waitMs'],
  'the scope of the sink': [UnitContext.prototype, 'scope'],
  'the frames of the sink': [UnitContext.prototype, 'within'],
  'adding statements': [UnitRecorder.prototype, 'addQuery'],
  'adding loads': [UnitRecorder.prototype, 'addLoad'],
  'taking rows': [UnitRecorder.prototype, 'takeRows'],
  'finishing a recording': [UnitRecorder.prototype, 'finish'],
  'the beginning of a unit': [UnitContext.prototype, 'begin'],
};

/** Broken places that nobody can be told of. */
export const silentPlaces: Readonly<Record<string, Place>> = {
  // Asked only where nothing else has mapped the stack before.
  'source maps': [SourceMaps.prototype, 'original'],
  'the choice of who records': [Channel.prototype, 'pick'],
  'the report of failures, too': [UnitContext.prototype, 'scope', 'failed'],
  'the end of a unit': [UnitContext.prototype, 'end'],
  'handing over a unit': [RunningUnit.prototype, 'handOver'],
  'the description of a request': [HttpUnits.prototype, 'describe'],
};

/** Breaks the place; answers how to mend it. */
export function breakPlace([target, ...methods]: Place): () => void {
  const object = target as Record<string, unknown>;
  const originals = methods.map((method) => [method, object[method]] as const);
  for (const [method, original] of originals) {
    if (typeof original !== 'function') throw new Error(`there is no ${method} to break`);
    object[method] = () => {
      throw new Error(`broken: ${method}`);
    };
  }
  const unask = target === detectors ? methods.map(askAlways) : [];
  return () => {
    for (const [method, original] of originals) object[method] = original;
    for (const undo of unask) undo();
  };
}

/** Otherwise a detector is asked only of units in which it may find something. */
function askAlways(kind: string): () => void {
  const asked = mayFind as Record<string, unknown>;
  const original = asked[kind];
  asked[kind] = () => true;
  return () => {
    asked[kind] = original;
  };
}
