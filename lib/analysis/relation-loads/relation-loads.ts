import type { EntityLoadRecord } from '../../record/load-record.js';
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
  const loads: RelationLoad[] = [];
  for (const load of unit.loads) {
    if (load.kind === 'relation') loads.push(capturedLoad(load, tree, batches, pairs.get(load.id)));
    else if (load.kind === 'entities' && mayRead(load, tree) && tree.persistAround(load.id) === undefined) {
      loads.push(
        ...joinedLoads(load, tree, batches),
        ...idOnlyLoads(load, ofPairs, tree, batches, schemaOf(load.dataSource)),
      );
    }
  }
  loads.push(...manualLoads(tree, batches, timeLine, schemaOf));
  return loads;
}

/** Relations ride on joins or on further statements: most loads have neither. */
function mayRead({ id, joins }: EntityLoadRecord, tree: LoadTree): boolean {
  return joins.length > 0 || tree.queriesWithin(id).length > 1;
}
