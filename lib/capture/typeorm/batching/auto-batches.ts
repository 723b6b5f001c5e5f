import { isAmbient } from '../../../record/ambient.js';
import type { RecordScope, RecordSink } from '../../../record/record-sink.js';
import type { UnitRecorder } from '../../../record/unit-recorder.js';
import type { GrowingBatch } from '../parent-batches.js';
import type { BatchedDataSourceShape, BatchedRelationShape } from './batched-shapes.js';
import { keyText } from './key-text.js';
import { loadShares, UnknownOwnerError, UnsureError, withKeys } from './load-shares.js';
import { maxParents } from './load-relation.js';
import { handOver, type PendingShare } from './pending-share.js';
import { keyValues, relationKey, type RelationKey } from './relation-key.js';
import { relationIdentity, stillToLoad } from './still-to-load.js';

/** A lazy relation of one entity that is about to be loaded. */
export interface LazyLoad {
  readonly scope: RecordScope;
  readonly dataSource: BatchedDataSourceShape;
  readonly relation: BatchedRelationShape;
  readonly entity: object;
  readonly batch: GrowingBatch | undefined;
  /** The one the entity is bound to. */
  readonly queryRunner: unknown;
  /** What TypeORM does. */
  readonly alone: () => Promise<readonly object[]>;
}

/** Entities of one unit of work whose list is remembered. */
const MAX_MEMBERS = 10_000;

/** One relation of the entities of one batch. */
interface Group {
  readonly shares: WeakMap<object, PendingShare>;
  /** TypeORM's way from now on: something was written, or a statement for many has failed. */
  isStopped: boolean;
}

/** Everything of one unit of work; gone with it. */
interface OfUnit {
  members: number;
  /** By batch. Weak, so that an entity the application drops can go. */
  readonly lists: Map<number, WeakRef<object>[]>;
  readonly groups: Map<string, Group>;
}

/**
 * Lazy relations loaded for all entities of a list when the first of them is read. Nothing is shared between units of
 * work, query runners or transactions, and what was loaded before the unit wrote anything is not given out afterwards.
 */
export class AutoBatches {
  private readonly units = new WeakMap<UnitRecorder, OfUnit>();

  constructor(private readonly sink: Pick<RecordSink, 'autoBatch' | 'failed'>) {}

  isOn(recorder: UnitRecorder): boolean {
    if (this.sink.autoBatch !== true && !recorder.batching.isOn) return false;
    return !isAmbient(recorder.kind);
  }

  /** Remembers the members of a batch. */
  entered(recorder: UnitRecorder, entities: readonly object[], batch: GrowingBatch): void {
    if (entities.length < 2 && !batch.isLineage) return;
    let unit = this.units.get(recorder);
    if (unit === undefined)
      this.units.set(recorder, (unit = { members: 0, lists: new Map(), groups: new Map() }));
    let list = unit.lists.get(batch.id);
    if (list === undefined) unit.lists.set(batch.id, (list = []));
    for (const entity of entities) {
      if (unit.members >= MAX_MEMBERS) return;
      unit.members++;
      list.push(new WeakRef(entity));
    }
  }

  /** The entity's share of what is loaded for its whole batch; undefined where TypeORM is to load it alone. */
  load(lazy: LazyLoad): Promise<readonly object[]> | undefined {
    try {
      const { scope, batch, relation, entity } = lazy;
      const unit = this.units.get(scope.recorder);
      if (unit === undefined || batch === undefined || batch.unit !== scope.recorder.start.id)
        return undefined;
      const group = groupOf(unit, `${batch.id} ${relationIdentity(relation)}`);
      const key = group.isStopped ? undefined : relationKey(relation);
      if (key === undefined) return undefined;
      const pending = group.shares.get(entity);
      if (pending === undefined) return this.start(lazy, batch, unit, group, key);
      group.shares.delete(entity);
      return this.isValid(pending, lazy, group, key) ? handOver(pending, lazy.alone) : undefined;
    } catch (error) {
      this.sink.failed('auto-batch', error);
      return undefined;
    }
  }

  private isValid(
    pending: PendingShare,
    { scope, entity, queryRunner }: LazyLoad,
    group: Group,
    key: RelationKey,
  ): boolean {
    if (pending.writes !== scope.recorder.batching.writes) {
      group.isStopped = true;
      return false;
    }
    return pending.queryRunner === queryRunner && pending.key === keyText(keyValues(key, entity));
  }

  private start(
    lazy: LazyLoad,
    batch: GrowingBatch,
    unit: OfUnit,
    group: Group,
    key: RelationKey,
  ): Promise<readonly object[]> | undefined {
    const { dataSource, relation, entity, queryRunner, scope } = lazy;
    const list = unit.lists.get(batch.id) ?? [];
    const others = stillToLoad(list, relation, batch, group.shares);
    others.delete(entity);
    const parents = withKeys(key, [entity, ...others])?.slice(0, maxParents(key));
    if (parents?.[0]?.parent !== entity || parents.length < 2) return undefined;
    const batched = { served: 0 };
    const pending = parents.map((parent): PendingShare & { readonly parent: object } => ({
      ...parent,
      queryRunner,
      writes: scope.recorder.batching.writes,
      batched,
      done: Promise.resolve(),
    }));
    const done = loadShares({ dataSource, relation, key, parents, queryRunner, batched }).then(
      (shares) => {
        shares.forEach((share, index) => {
          (pending[index] as PendingShare).share = share;
        });
      },
      (error: unknown) => {
        group.isStopped = true;
        if (isUnexpected(error)) this.sink.failed('auto-batch', error);
        for (const share of pending) share.share = { failure: error, isOfStatement: true };
      },
    );
    for (const share of pending) {
      share.done = done;
      group.shares.set(share.parent, share);
    }
    group.shares.delete(entity);
    return handOver(pending[0] as PendingShare, lazy.alone);
  }
}

function groupOf({ groups }: OfUnit, key: string): Group {
  let group = groups.get(key);
  if (group === undefined) groups.set(key, (group = { shares: new WeakMap(), isStopped: false }));
  return group;
}

/** What TypeORM never batches is no failure. */
function isUnexpected(error: unknown): boolean {
  return !(error instanceof UnsureError) || error instanceof UnknownOwnerError;
}
