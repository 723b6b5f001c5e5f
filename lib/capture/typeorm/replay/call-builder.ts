import type { Replay } from '../../../record/replay.js';
import { parentsBuilder } from './parents-builder.js';
import type { RecordedReplay } from './recorded-load.js';
import type { ReplayBuilderShape, ReplayDataSourceShape } from './replay-shapes.js';

/** A call as a builder that is ours to change. */
export function callBuilder(
  call: Replay,
  dataSource: ReplayDataSourceShape,
  runner: object,
): ReplayBuilderShape {
  const recorded = call as RecordedReplay;
  if (recorded.kind === 'find' || recorded.kind === 'builder')
    return parentsBuilder({ parents: recorded }, dataSource, runner);
  const { builder, findOptions } = recorded;
  const own = builder.clone().setQueryRunner(runner).cache(false);
  // A copy has none: what a count counts depends on their select.
  return Object.assign(own, { findOptions });
}
