import type { UnitKind } from './unit-of-work.js';

/** `bootstrap` and `background`: what belongs to no unit of work, and is cut into pieces. */
export function isAmbient(kind: UnitKind): boolean {
  return kind === 'bootstrap' || kind === 'background';
}
