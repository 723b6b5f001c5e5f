import type { Channel } from './channel.js';
import type { Outlet } from './outlet.js';
import type { Place } from './place.js';
import type { OpenRequest } from './pool-watch.js';
import type { RunnerState } from './runner-state.js';
import type { QueryRunnerShape } from './typeorm-shapes.js';

/** Never throws. Undefined where there is no pool, or nobody records the data source. */
export function requestConnection(
  channel: Channel,
  runner: QueryRunnerShape,
  state: RunnerState,
  below: (...args: never[]) => unknown,
): OpenRequest | undefined {
  let outlet: Outlet | undefined;
  try {
    const place = state.place ?? explicitPlace(channel, below);
    state.place = undefined;
    outlet = place?.outlet;
    return place && channel.pool.request(runner, state, place);
  } catch (error) {
    outlet?.lens.failed('connect', error);
    return undefined;
  }
}

/** `runner.connect()` in the code, before any statement. That is rare: its place is always looked up. */
function explicitPlace(channel: Channel, below: (...args: never[]) => unknown): Place | undefined {
  const outlet = channel.pick();
  const scope = outlet?.lens.sink.scope();
  if (outlet === undefined || scope === undefined) return undefined;
  return { outlet, scope, stack: outlet.lens.stacks.take(scope.recorder, below) };
}
