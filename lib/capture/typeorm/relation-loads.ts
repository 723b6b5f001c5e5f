import type { RelationLoadRecord } from '../../record/load-record.js';
import type { RecordScope } from '../../record/record-sink.js';
import type { BatchedDataSourceShape, BatchedRelationShape } from './batching/batched-shapes.js';
import { batchedOf } from './batching/in-place.js';
import type { Channel } from './channel.js';
import type { Lens } from './lens.js';
import { describeRelation, OpenLoad, type LoadedThrough } from './open-load.js';
import { owningClass } from './owning-class.js';
import type { GrowingBatch } from './parent-batches.js';
import { replaceMethod } from '../replace-method.js';
import { rootBatch } from './root-batch.js';
import { runLoad, type LoadBasis, type LoadKind } from './run-load.js';
import type { DataSourceShape, EntityMetadataShape, RelationMetadataShape } from './typeorm-shapes.js';

/**
 * Every relation that is not joined goes through `load(relation, parents, queryRunner, queryBuilder)` of the data
 * source's relation loader: lazy accessors, `qb.relation()`, and the `query` strategy, which brings its own builder.
 */
export function wrapRelationLoader(
  dataSource: DataSourceShape,
  relationLoader: object,
  channelOf: () => Channel | undefined,
): () => void {
  return replaceMethod(relationLoader, 'load', (original) => {
    const record = (how: LoadedThrough['how'], args: readonly unknown[], work: () => unknown): unknown => {
      const [relation, given, runner, builder] = args as [RelationMetadataShape, ...unknown[]];
      const parents: readonly unknown[] = Array.isArray(given) ? given : [given];
      const batched = batchedOf(builder);
      const kind: LoadKind = {
        through: (lens, scope) => throughOf(how, relation, parents, lens, scope),
        watch: (tracer, through, clockMs) => {
          if (through.how !== 'query' || !takesSeveral(relation, builder)) return undefined;
          const within = channelOf()?.runnerIfKnown(runner)?.open?.work;
          return tracer.work({ kind: 'relation', relation: describeRelation(through), clockMs, within });
        },
        describe: ({ lens, scope, open }, basis, result) => {
          const batch = batchOf(parents[0], lens, scope);
          if (batch !== undefined) lens.batches.noteIn(scope.recorder, batch);
          if (batched !== undefined) scope.recorder.batching.servings.set(open.id, batched);
          return describe(relation, parents.length, open.through, basis, result);
        },
      };
      return runLoad(channelOf(), kind, work);
    };
    return function (this: unknown, ...args) {
      const [relation, given, queryRunner, builder] = args as [RelationMetadataShape, ...unknown[]];
      const how = howOf(relation, given, builder);
      const load = () => record(how, args, () => original.apply(this, args));
      if (how !== 'lazy') return load();
      return together(channelOf(), dataSource, relation, given as object, queryRunner, load) ?? load();
    };
  });
}

/** The share of a lazy load for the whole list of the entity, where that is wanted and certain. */
function together(
  channel: Channel | undefined,
  dataSource: DataSourceShape,
  relation: RelationMetadataShape,
  entity: object,
  queryRunner: unknown,
  alone: () => unknown,
): unknown {
  let lens: Lens | undefined;
  try {
    lens = channel?.pick()?.lens;
    const scope = lens?.sink.scope();
    if (lens === undefined || scope === undefined || !lens.autoBatches.isOn(scope.recorder)) return undefined;
    const isReleased = (queryRunner as { isReleased?: boolean } | null | undefined)?.isReleased === true;
    return lens.autoBatches.load({
      scope,
      // What these shapes say of TypeORM is more than what the rest of capture needs.
      dataSource: dataSource as unknown as BatchedDataSourceShape,
      relation: relation as BatchedRelationShape,
      entity,
      batch: lens.batches.of(scope.recorder, entity),
      queryRunner: isReleased ? undefined : queryRunner,
      alone: alone as () => Promise<readonly object[]>,
    });
  } catch (error) {
    lens?.failed('auto-batch', error);
    return undefined;
  }
}

/** The `query` strategy asks once for each relation: for this one, and for what is loaded with it. */
function takesSeveral({ inverseEntityMetadata }: RelationMetadataShape, builder: unknown): boolean {
  const { findOptions } = builder as { findOptions?: { relations?: object } };
  const isNested = Object.keys(findOptions?.relations ?? {}).length > 0;
  return isNested || inverseEntityMetadata.relations.some(({ isEager }) => isEager);
}

function describe(
  relation: RelationMetadataShape,
  parents: number,
  through: LoadedThrough | undefined,
  basis: LoadBasis,
  result: unknown,
): RelationLoadRecord {
  return {
    ...basis,
    kind: 'relation',
    how: through?.how ?? 'lazy',
    entity: through?.entity ?? relation.entityMetadata.name,
    relation: relation.propertyPath,
    target: relation.inverseEntityMetadata.name,
    isToMany: relation.isOneToMany || relation.isManyToMany,
    parents,
    parentBatch: through?.parentBatch,
    entities: Array.isArray(result) ? result.length : 0,
  };
}

function throughOf(
  how: LoadedThrough['how'],
  relation: RelationMetadataShape,
  parents: readonly unknown[],
  lens: Lens,
  scope: RecordScope,
): LoadedThrough {
  const around = how === 'query' ? OpenLoad.find(scope.recorder, scope.load) : undefined;
  // The `query` strategy loads relations before the load of their parents has ended: those have no batch yet.
  if (around?.metadata !== undefined)
    rootBatch(parents as readonly object[], around.metadata, lens, scope, around);
  const batch = batchOf(parents[0], lens, scope);
  return {
    how,
    entity: ownerName(relation, parents[0], batch),
    relation: relation.propertyPath,
    parentBatch: batch?.id,
    parentBatchSize: batch?.size ?? 0,
  };
}

function howOf(relation: RelationMetadataShape, given: unknown, builder: unknown): LoadedThrough['how'] {
  if (builder !== undefined && builder !== null)
    return batchedOf(builder) === undefined ? 'query' : 'batched';
  const isLazy = relation.isLazy && typeof given === 'object' && given !== null && !Array.isArray(given);
  const hasAccessor =
    isLazy && Object.getOwnPropertyDescriptor(given, relation.propertyName)?.get !== undefined;
  return hasAccessor ? 'lazy' : 'relation-builder';
}

function batchOf(parent: unknown, lens: Lens, { recorder }: RecordScope): GrowingBatch | undefined {
  return typeof parent === 'object' && parent !== null ? lens.batches.of(recorder, parent) : undefined;
}

/**
 * The class that the user queried for the parents, where it has the relation: a list of `Document` whose rows are
 * pages and folders gives `Document.author`. Otherwise the parent's own class, or the one that declares the relation.
 */
function ownerName(
  relation: RelationMetadataShape,
  parent: unknown,
  batch: GrowingBatch | undefined,
): string {
  if (batch?.metadata?.findRelationWithPropertyPath(relation.propertyPath) !== undefined)
    return owningClass(batch.metadata, relation).name;
  return (concreteMetadata(relation.entityMetadata, parent) ?? relation.entityMetadata).name;
}

function concreteMetadata(declared: EntityMetadataShape, parent: unknown): EntityMetadataShape | undefined {
  const { constructor } = (parent ?? {}) as { constructor?: unknown };
  return [declared, ...declared.childEntityMetadatas].find(({ target }) => target === constructor);
}
