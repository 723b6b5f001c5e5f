import { isAmbient } from '../record/ambient.js';
import type { LiveStatement } from '../record/live-tracer.js';
import { traceparent } from '../record/span-identity.js';
import type { UnitRecorder } from '../record/unit-recorder.js';
import { routeOf } from './route-of.js';
import type { TelemetryOptions } from './telemetry-options.js';

type Tags = Record<string, string>;

/** What comments in statements say, by the names of sqlcommenter. Undefined where none are wanted. */
export function statementTags(
  option: TelemetryOptions['sqlComments'],
): ((unit: UnitRecorder, live: LiveStatement | undefined) => Readonly<Tags> | undefined) | undefined {
  if (option === false) return undefined;
  const hasTraceparent = option !== true && option.traceparent === true;
  return (unit, live) => {
    // Nobody asked for it: schema work, and what runs for itself.
    if (isAmbient(unit.kind)) return undefined;
    const tags: Tags = { db_driver: 'typeorm', framework: 'nestjs', ...handlerOf(unit) };
    const route = routeOf(unit);
    if (route !== undefined) tags['route'] = route;
    if (hasTraceparent && live?.identity !== undefined) tags['traceparent'] = traceparent(live.identity);
    return tags;
  };
}

function handlerOf(unit: UnitRecorder): Tags {
  if (unit.handler !== undefined) return { ...unit.handler };
  return unit.kind === 'http' ? {} : { action: unit.unitName() };
}
