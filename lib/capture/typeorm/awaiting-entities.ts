import type { UnitRecorder } from '../../record/unit-recorder.js';

const MAX_LISTS = 50;
const MAX_ENTITIES = 2_000;

interface List<Batch> {
  readonly batch: Batch;
  readonly entities: readonly object[];
}

interface Waiting<Batch> {
  entities: number;
  readonly lists: List<Batch>[];
}

/**
 * Entities of classes without lazy relations: nobody asks for their batch, unless the application calls
 * `qb.relation().of(entity)`. Remembering each one costs more than finding the few that are asked for. Gone with the
 * unit of work, and bounded.
 */
export class AwaitingEntities<Batch> {
  private readonly waiting = new WeakMap<UnitRecorder, Waiting<Batch>>();

  add(recorder: UnitRecorder, entities: readonly object[], batch: Batch): void {
    let waiting = this.waiting.get(recorder);
    if (waiting === undefined) this.waiting.set(recorder, (waiting = { entities: 0, lists: [] }));
    if (waiting.lists.length >= MAX_LISTS || waiting.entities + entities.length > MAX_ENTITIES) return;
    waiting.entities += entities.length;
    waiting.lists.push({ batch, entities });
  }

  /** The list an entity came in. */
  find(recorder: UnitRecorder, entity: object): List<Batch> | undefined {
    return this.waiting.get(recorder)?.lists.find(({ entities }) => entities.includes(entity));
  }
}
