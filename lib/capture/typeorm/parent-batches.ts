import type { ParentBatch } from '../../record/load-record.js';
import type { UnitRecorder } from '../../record/unit-recorder.js';
import { AwaitingEntities } from './awaiting-entities.js';
import type { Numbering } from './numbering.js';
import type { EntityMetadataShape } from './typeorm-shapes.js';

type From = ParentBatch['from'];

/** A batch that may still grow, with the metadata its entities were loaded by. */
export interface GrowingBatch {
  readonly id: number;
  readonly entity: string;
  readonly metadata: EntityMetadataShape | undefined;
  size: number;
  readonly from: From;
  /** Loaded lazily, parent by parent, or joined to such entities. */
  readonly isLineage: boolean;
  /** The load that made it, and the unit of work that load ran in. */
  readonly load: number | undefined;
  readonly unit: string;
}

/** What is known of a batch when its first entities have been loaded. */
export interface BatchStart {
  readonly entity: string;
  readonly metadata?: EntityMetadataShape;
  readonly size: number;
  readonly load?: number;
  readonly from?: From;
}

/** Remembers which entities a batch has, and not only which batch an entity has. */
export interface BatchMembers {
  isOn(recorder: UnitRecorder): boolean;
  entered(recorder: UnitRecorder, entities: readonly object[], batch: GrowingBatch): void;
}

/** Entities of one list that are remembered. */
const MAX_ENTERED = 2_000;

/**
 * Which list each entity came from, by object identity: a row that was loaded both singly and in a list is two
 * entities. Entities keep their batch as long as the application keeps them.
 */
export class ParentBatches {
  private readonly batches = new WeakMap<object, GrowingBatch>();
  private readonly awaiting = new AwaitingEntities<GrowingBatch>();
  /** Batches of entities lazily loaded from the entities of another batch; gone with the unit of work. */
  private readonly lineages = new WeakMap<UnitRecorder, Map<string, GrowingBatch>>();

  constructor(
    private readonly numbering: Numbering,
    /** Wants to know the members of a batch, where it is on. */
    private readonly members: BatchMembers,
  ) {}

  of(recorder: UnitRecorder, entity: object): GrowingBatch | undefined {
    const known = this.batches.get(entity);
    if (known !== undefined) return known;
    const list = this.awaiting.find(recorder, entity);
    for (const member of list?.entities ?? []) this.batches.set(member, list?.batch as GrowingBatch);
    return list?.batch;
  }

  start(recorder: UnitRecorder, start: BatchStart, isLineage = false): GrowingBatch {
    const batch: GrowingBatch = {
      id: ++this.numbering.batches,
      entity: start.entity,
      metadata: start.metadata,
      size: start.size,
      from: start.from,
      isLineage,
      load: start.load,
      unit: recorder.start.id,
    };
    this.noteIn(recorder, batch);
    return batch;
  }

  /** The batch of what is lazily loaded, one parent after another, from the entities of batch `from`. */
  lineage(recorder: UnitRecorder, start: BatchStart & { readonly from: NonNullable<From> }): GrowingBatch {
    let ofUnit = this.lineages.get(recorder);
    if (ofUnit === undefined) this.lineages.set(recorder, (ofUnit = new Map<string, GrowingBatch>()));
    const key = `${start.from.batch}:${start.from.relation}`;
    const known = ofUnit.get(key);
    if (known === undefined) {
      const batch = this.start(recorder, start, true);
      if (ofUnit.size < recorder.limits.maxLoads) ofUnit.set(key, batch);
      return batch;
    }
    known.size += start.size;
    this.noteIn(recorder, known);
    return known;
  }

  /** Makes entities members of a batch. */
  enter(recorder: UnitRecorder, entities: readonly object[], batch: GrowingBatch): void {
    if (batch.metadata === undefined || !hasLazyRelations(batch.metadata)) {
      this.awaiting.add(recorder, entities, batch);
      return;
    }
    const { length } = entities;
    for (let index = 0; index < length && index < MAX_ENTERED; index++)
      this.batches.set(entities[index] as object, batch);
    if (this.members.isOn(recorder)) this.members.entered(recorder, entities.slice(0, MAX_ENTERED), batch);
  }

  /** Just saved, and never seen to be loaded: loaded singly. */
  addSaved(recorder: UnitRecorder, entities: readonly unknown[], entity: string, load: number): void {
    let batch: GrowingBatch | undefined;
    for (const saved of entities.slice(0, MAX_ENTERED)) {
      if (typeof saved !== 'object' || saved === null || this.batches.has(saved)) continue;
      batch ??= this.start(recorder, { entity, size: 1, load });
      this.batches.set(saved, batch);
    }
  }

  /** Writes the batch, at its present size, into a unit of work. */
  noteIn(recorder: UnitRecorder, batch: GrowingBatch): void {
    const { id, entity, size, from, unit } = batch;
    recorder.addBatch({ id, entity, size, load: unit === recorder.start.id ? batch.load : undefined, from });
  }
}

function hasLazyRelations(metadata: EntityMetadataShape): boolean {
  return metadata.lazyRelations.length > 0 || metadata.childEntityMetadatas.some(hasLazyRelations);
}
