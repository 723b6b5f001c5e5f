import type { AnalysedUnit } from './detector.js';
import { loadedPaths } from './list-call.js';
import type { RelationPathNames } from './relation-code.js';
import type { RelationLoad } from './relation-load.js';

/** Asked for by the user's own code, by a key. */
export function isByHand({ strategy }: RelationLoad): boolean {
  return strategy === 'by-id' || strategy === 'manual';
}

/** Relations of the children that a call by hand loaded as well, seen from the children: advice must load them too. */
export function pathsBelow(load: RelationLoad, unit: AnalysedUnit): readonly RelationPathNames[] {
  const call = isByHand(load) ? unit.tree.outermost(load.queries[0]?.record.load) : undefined;
  const paths = call?.kind === 'entities' ? loadedPaths(call, unit) : [];
  const { through } = load;
  return through === undefined ? paths : [[through], ...paths.map((names) => [through, ...names])];
}
