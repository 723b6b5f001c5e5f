import type { UnitRecorder } from '../record/unit-recorder.js';

/** `GET /authors/:id` without its method; undefined where it is no request, and before the route has been found. */
export function routeOf({ kind, unitName }: Pick<UnitRecorder, 'kind' | 'unitName'>): string | undefined {
  return kind === 'http' ? /^\S+ (\/.*)/.exec(unitName())?.[1] : undefined;
}
