import type { EntityLoadRecord, JoinRecord } from '../../record/load-record.js';
import type { CaptureRegistry } from './capture-registry.js';
import { IN_PLACE, type InPlace } from './batching/in-place.js';
import { carriedRows, MAX_CARRIED } from './carried-rows.js';
import { isFind, whereNames, type BareFinds } from './find-options.js';
import { MAX_WALKED, walkJoins, type JoinCount } from './joined-entities.js';
import { owningClass } from './owning-class.js';
import type { GrowingBatch } from './parent-batches.js';
import { keepReplay } from './replay/recorded-load.js';
import { replaceMethod } from '../replace-method.js';
import { rootBatch } from './root-batch.js';
import { runLoad, type LoadBasis, type LoadContext, type LoadKind } from './run-load.js';
import type {
  EntityMetadataShape,
  ExpressionMapShape,
  JoinAttributeShape,
  SelectQueryBuilderShape,
} from './typeorm-shapes.js';

/** The one method that `find*`, `getMany`, `getOne` and their kin go through, since TypeORM 0.3.0. Protected there. */
export const ENTITY_LOAD_METHOD = 'executeEntitiesAndRawResults';

/** Wraps the method for every query builder of the class; inert for data sources without a channel. */
export function patchEntityLoads(prototype: object, registry: CaptureRegistry): () => void {
  const bareFinds: BareFinds = new WeakSet();
  const record = (
    builder: SelectQueryBuilderShape,
    work: () => unknown,
    below: (...args: never[]) => unknown,
  ): unknown => {
    const { mainAlias } = builder.expressionMap;
    const channel = registry.channels.get((builder.dataSource ?? builder.connection)?.driver ?? registry);
    if (channel === undefined || mainAlias?.hasMetadata !== true) return work();
    const { metadata } = mainAlias;
    let isWatched = false;
    const kind: LoadKind = {
      metadata,
      call: () => (isFind(builder, bareFinds) ? { operation: 'find', table: metadata.tableName } : undefined),
      stack: (lens, scope) => {
        isWatched = lens.reads.isWanted(lens.sink.trackReads, scope, metadata, builder);
        return isWatched ? lens.stacks.take(scope.recorder, below) : undefined;
      },
      started: (context) => {
        keepReplay(context, builder, isFind(builder, bareFinds));
      },
      describe: (context, basis, result) => {
        const described = describe(builder, metadata, context, basis, result, bareFinds);
        if (isWatched) watchReads(context, builder, metadata, result);
        return described;
      },
    };
    return runLoad(channel, kind, work);
  };
  const undo = [
    replaceMethod(prototype, ENTITY_LOAD_METHOD, (original) => {
      const inPlace: InPlace = (builder, work) =>
        record(builder as SelectQueryBuilderShape, () => work(original), inPlace);
      const loadEntities = function (this: unknown, ...args: unknown[]): unknown {
        return record(this as SelectQueryBuilderShape, () => original.apply(this, args), loadEntities);
      };
      return Object.assign(loadEntities, { [IN_PLACE]: inPlace });
    }),
    replaceMethod(
      prototype,
      'setFindOptions',
      (original) =>
        function (this: unknown, ...args) {
          for (const _option in args[0] as object) return original.apply(this, args);
          bareFinds.add(this as object);
          return original.apply(this, args);
        },
    ),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}

/** The load is recorded even where its entities cannot be watched. */
function watchReads(
  { lens, scope, open }: LoadContext,
  builder: SelectQueryBuilderShape,
  metadata: EntityMetadataShape,
  result: unknown,
): void {
  try {
    lens.reads.watch(scope.recorder, open.id, builder, metadata, result);
  } catch (error) {
    lens.failed('reads', error);
  }
}

const NO_COUNTS: ReadonlyMap<string, JoinCount> = new Map();

function describe(
  builder: SelectQueryBuilderShape,
  metadata: EntityMetadataShape,
  context: LoadContext,
  basis: LoadBasis,
  result: unknown,
  bareFinds: BareFinds,
): EntityLoadRecord {
  const map = builder.expressionMap;
  const alias = map.mainAlias?.name ?? '';
  const { raw = [], entities = [] } = (result ?? {}) as {
    raw?: readonly unknown[];
    entities?: readonly object[];
  };
  const isFindCall = isFind(builder, bareFinds);
  const { lens, scope, open } = context;
  const batch = rootBatch(entities, metadata, lens, scope, open);
  const joins = map.joinAttributes;
  const counts =
    batch === undefined || joins.length === 0
      ? NO_COUNTS
      : countJoins(alias, joins, entities, batch, context);
  const { id, parentLoad, dataSource, startMs, durationMs } = basis;
  return {
    kind: 'entities',
    // Listed one by one: this is made for every load, and a spread in the middle of a literal is slow.
    id,
    parentLoad,
    dataSource,
    startMs,
    durationMs,
    entity: metadata.name,
    joins:
      joins.length === 0
        ? []
        : joinRecords(map, raw, counts, isFindCall || open.around?.through !== undefined),
    isFind: isFindCall,
    where: isFindCall ? whereNames(builder.findOptions?.where) : [],
    select: selectedNames(map, alias),
    take: map.take ?? undefined,
    skip: map.skip ?? undefined,
    limit: map.limit ?? undefined,
    offset: map.offset ?? undefined,
    relationLoadStrategy: map.relationLoadStrategy ?? 'join',
    withDeleted: map.withDeleted === true ? true : undefined,
    rawRows: raw.length,
    entities: entities.length,
    batch: batch?.id,
    hydrateMs: open.ownMs(durationMs),
  };
}

function countJoins(
  alias: string,
  joins: readonly JoinAttributeShape[],
  entities: readonly object[],
  batch: GrowingBatch,
  { lens, scope, open }: LoadContext,
): ReadonlyMap<string, JoinCount> {
  if (entities.length > MAX_WALKED) return NO_COUNTS;
  return walkJoins(joins, alias, { entities, batch }, open.id, scope.recorder, lens.batches);
}

/** Joins of relations; a joined table or subquery without a relation loads nothing that could be named. */
function joinRecords(
  map: ExpressionMapShape,
  raw: readonly unknown[],
  counts: ReadonlyMap<string, JoinCount>,
  hasEagerRelations: boolean,
): readonly JoinRecord[] {
  const records: JoinRecord[] = [];
  const isCarried = raw.length * map.joinAttributes.length <= MAX_CARRIED;
  for (const join of map.joinAttributes) {
    const { relation, parentAlias = '', alias } = join;
    if (relation === undefined) continue;
    const owner = map.aliases.find((candidate) => candidate.name === parentAlias);
    const isKnown =
      owner?.hasMetadata === true && owner.metadata.findRelationWithPropertyPath(relation.propertyPath);
    records.push({
      entity: isKnown ? owningClass(owner.metadata, relation).name : relation.entityMetadata.name,
      relation: relation.propertyPath,
      alias: alias.name,
      parentAlias,
      isSelected: join.isSelected,
      // Query builders ignore `eager`.
      isEager: relation.isEager && hasEagerRelations,
      isToMany: relation.isOneToMany || relation.isManyToMany,
      ...counts.get(alias.name),
      ...(isCarried && join.isSelected && alias.hasMetadata
        ? { carried: carriedRows(raw, alias.name, alias.metadata) }
        : {}),
    });
  }
  return records;
}

/** Properties of the main entity; undefined when all are selected. */
function selectedNames(map: ExpressionMapShape, alias: string): readonly string[] | undefined {
  if (map.selects.some(({ selection }) => selection === alias)) return undefined;
  const names: string[] = [];
  for (const { selection } of map.selects)
    if (selection.startsWith(`${alias}.`)) names.push(selection.slice(alias.length + 1));
  return names;
}
