import { isAmbient } from './ambient.js';
import type { LiveTracer } from './live-tracer.js';
import type { UnitRecorder } from './unit-recorder.js';

/** Whether somebody follows a statement of this unit live. Seen when the unit began; what runs outside of units has no beginning. */
export function isListening(
  tracer: LiveTracer | undefined,
  { kind }: Pick<UnitRecorder, 'kind'>,
): tracer is LiveTracer {
  if (tracer === undefined) return false;
  return isAmbient(kind) ? tracer.look() : tracer.isOn;
}
