import type { RecordScope } from '../../record/record-sink.js';
import type { Lens } from './lens.js';
import type { OpenLoad } from './open-load.js';
import type { GrowingBatch } from './parent-batches.js';
import type { EntityMetadataShape } from './typeorm-shapes.js';

/**
 * The batch of a load's root entities. What is loaded lazily, parent by parent, from the entities of one list forms one
 * batch; from a single parent, or by the `query` strategy for all parents at once, it is a list of its own.
 */
export function rootBatch(
  entities: readonly object[],
  metadata: EntityMetadataShape,
  lens: Lens,
  scope: RecordScope,
  load: OpenLoad,
): GrowingBatch | undefined {
  const [first] = entities;
  if (first === undefined) return undefined;
  // The `query` strategy asks for it while the load is still running.
  if (load.batch !== undefined) return load.batch;
  const batch = (load.batch = start(entities, metadata, lens, scope, load));
  lens.batches.enter(scope.recorder, entities, batch);
  return batch;
}

function start(
  entities: readonly object[],
  metadata: EntityMetadataShape,
  lens: Lens,
  { recorder }: RecordScope,
  load: OpenLoad,
): GrowingBatch {
  const basis = { entity: metadata.name, metadata, size: entities.length, load: load.id };
  const through = load.around?.through;
  if (through?.parentBatch === undefined) return lens.batches.start(recorder, basis);
  const from = { batch: through.parentBatch, entity: through.entity, relation: through.relation };
  const isLineage = through.how !== 'query' && through.parentBatchSize > 1;
  return isLineage
    ? lens.batches.lineage(recorder, { ...basis, from })
    : lens.batches.start(recorder, { ...basis, from });
}
