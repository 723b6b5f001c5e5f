import type { CallAround, LiveWork, RelationAround } from '../../record/live-tracer.js';
import type { RelationLoadRecord } from '../../record/load-record.js';
import type { CapturedStack, UnitRecorder } from '../../record/unit-recorder.js';
import type { GrowingBatch } from './parent-batches.js';
import type { EntityMetadataShape } from './typeorm-shapes.js';

/** What a relation load tells the entity load that it runs. */
export interface LoadedThrough {
  readonly how: RelationLoadRecord['how'];
  readonly entity: string;
  readonly relation: string;
  /** Batch of the first parent. */
  readonly parentBatch?: number;
  /** Entities in that batch: one means that the parent was loaded singly. */
  readonly parentBatchSize: number;
}

/** A load that is running. Measures how much of it is spent in statements and inner loads, parallel ones counted once. */
export class OpenLoad {
  /** The batch of its root entities, once it has them. */
  batch: GrowingBatch | undefined;
  /** Where the call came from; taken over by its statements. */
  stack: CapturedStack | undefined;
  /** What was called, where somebody watches live. */
  call: CallAround | undefined;
  work: LiveWork | undefined;
  private running = 0;
  private busySince = 0;
  private busyMs = 0;

  constructor(
    readonly id: number,
    /** The load around this one. */
    readonly around: OpenLoad | undefined,
    /** Of an entity load: its main entity. */
    readonly metadata: EntityMetadataShape | undefined,
    /** Of a relation load. */
    readonly through: LoadedThrough | undefined,
  ) {}

  /** The load that a scope says is running. */
  static find(recorder: UnitRecorder, load: number | undefined): OpenLoad | undefined {
    return load === undefined ? undefined : (recorder.openLoads.get(load) as OpenLoad | undefined);
  }

  /** Where the call came from that this load is part of, when that was kept. */
  stackAround(): CapturedStack | undefined {
    return this.stack ?? this.around?.stackAround();
  }

  /** The relation that this load, or the one right around it, is about. */
  relationAround(): RelationAround | undefined {
    const through = this.through ?? this.around?.through;
    return through === undefined ? undefined : describeRelation(through);
  }

  /** The call that this load is part of. */
  callAround(): CallAround | undefined {
    return this.call ?? (this.through === undefined ? this.around?.callAround() : undefined);
  }

  childStarted(clockMs: number): void {
    if (this.running++ === 0) this.busySince = clockMs;
  }

  childEnded(clockMs: number): void {
    if (--this.running === 0) this.busyMs += clockMs - this.busySince;
  }

  /** The load's own time, given how long it took altogether. */
  ownMs(durationMs: number): number {
    return Math.max(0, durationMs - this.busyMs);
  }
}

/** As it is shown to whoever watches live. */
export function describeRelation({ how, entity, relation, parentBatchSize }: LoadedThrough): RelationAround {
  return { name: `${entity}.${relation}`, strategy: how, parentBatchSize };
}
