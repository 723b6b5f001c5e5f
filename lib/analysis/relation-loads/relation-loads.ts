import type { UnitOfWork } from '../../record/unit-of-work.js';
import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import type { RelationLoad } from '../relation-load.js';
import type { SchemaIndex } from '../schema-index.js';
import type { TimeLine } from '../time-line.js';
import { capturedLoad } from './captured-loads.js';
import { idOnlyLoads } from './id-only-loads.js';
import { idPairs } from './id-pairs.js';
import { joinedLoads } from './joined-loads.js';
import { manualLoads } from './manual-loads.js';

/** Every relation that a unit loaded, however it was loaded: the one list that detectors and statistics read. */
export function relationLoads(
  unit: UnitOfWork,
  tree: LoadTree,
  batches: BatchIndex,
  timeLine: TimeLine,
  schemaOf: (dataSource: string) => SchemaIndex | undefined,
): readonly RelationLoad[] {
  const pairs = idPairs(unit, tree, schemaOf);
  const ofPairs = new Set(pairs.values());
  const captured = unit.loads.flatMap((load) => {
    if (load.kind === 'relation') return [capturedLoad(load, tree, batches, pairs.get(load.id))];
    return load.kind === 'entities' && tree.persistAround(load.id) === undefined
      ? [
          ...joinedLoads(load, tree, batches),
          ...idOnlyLoads(load, ofPairs, tree, batches, schemaOf(load.dataSource)),
        ]
      : [];
  });
  return [...captured, ...manualLoads(tree, batches, timeLine, schemaOf)];
}
