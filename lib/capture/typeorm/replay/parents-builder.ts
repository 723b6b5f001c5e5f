import type { LoadingForm, ParentsChange } from '../../../investigation/loading/loading-trial.js';
import type { EntityMetadataShape, JoinAttributeShape } from '../typeorm-shapes.js';
import type { RecordedLoad } from './recorded-load.js';
import { withEager } from './eager-tree.js';
import { joinPath, optionPaths, pathsOf, relationsOption, treeOf } from './relation-tree.js';
import type { FindOptionsShape, ReplayBuilderShape, ReplayDataSourceShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';
import { builderWithout, selectWithout } from './without-columns.js';

/** How the parents are loaded. */
export type ParentsForm = Required<Pick<LoadingForm, 'parents'>> & Pick<LoadingForm, 'change'>;

/** The builder that loads the parents, as it was recorded or changed. Made anew each time: a builder is used once. */
export function parentsBuilder(
  { parents, change }: ParentsForm,
  dataSource: ReplayDataSourceShape,
  runner: object,
): ReplayBuilderShape {
  const recorded = parents as RecordedLoad;
  if (recorded.kind === 'builder') {
    const builder = recorded.builder.clone().setQueryRunner(runner).cache(false);
    if (change !== undefined) changeBuilder(builder, change);
    return builder;
  }
  const { target, alias, options } = recorded;
  const { cache: _cache, ...uncached } = options;
  const builder = dataSource.createQueryBuilder(runner).select(alias).from(target, alias);
  const { mainAlias } = builder.expressionMap;
  if (mainAlias?.hasMetadata !== true) throw new ReplayStopped('it loads no entities');
  const told = change === undefined ? uncached : changedOptions(uncached, change, mainAlias.metadata);
  return builder.setFindOptions(told).cache(false);
}

function changedOptions(
  options: FindOptionsShape,
  change: ParentsChange,
  metadata: EntityMetadataShape,
): FindOptionsShape {
  const paths = optionPaths(options.relations);
  switch (change.kind) {
    case 'join':
      return { ...options, relations: relationsOption([...paths, change.path]) };
    case 'query':
      return {
        ...options,
        relations: relationsOption([...paths, change.path ?? []]),
        relationLoadStrategy: 'query',
      };
    case 'without':
      return {
        ...options,
        relations: relationsOption(
          paths.filter((path) => !change.paths.some((gone) => startsWith(path, gone))),
        ),
      };
    case 'without-eager': {
      const all = pathsOf(withEager(treeOf(paths), metadata));
      const left = all.filter((path) => !startsWith(path, change.path));
      return { ...options, loadEagerRelations: false, relations: relationsOption(left) };
    }
    case 'without-columns': {
      const tree = options.loadEagerRelations === false ? treeOf(paths) : withEager(treeOf(paths), metadata);
      return { ...options, select: selectWithout(options.select, metadata, tree, change.paths) };
    }
  }
}

function changeBuilder(builder: ReplayBuilderShape, change: ParentsChange): void {
  if (change.kind === 'join') joinAlong(builder, change.path);
  else if (change.kind === 'without') for (const path of change.paths) leaveOut(builder, path);
  else if (change.kind === 'without-columns') builderWithout(builder, change.paths);
  else throw new ReplayStopped('a query builder has no such strategy');
}

/** Joins what is not joined yet. */
function joinAlong(builder: ReplayBuilderShape, path: readonly string[]): void {
  let parent = builder.expressionMap.mainAlias?.name ?? '';
  path.forEach((property, depth) => {
    const known = joinsOf(builder).find(
      ({ parentAlias, relation, isSelected }) =>
        parentAlias === parent && relation?.propertyPath === property && isSelected,
    );
    const alias = known?.alias.name ?? `query_lens_${String(depth)}`;
    if (known === undefined) builder.leftJoinAndSelect(`${parent}.${property}`, alias);
    parent = alias;
  });
}

function leaveOut(builder: ReplayBuilderShape, path: readonly string[]): void {
  const main = builder.expressionMap.mainAlias?.name ?? '';
  const joins = joinsOf(builder);
  const gone = new Set(
    joins
      .filter((join) => startsWith(joinPath(join, main, joins)?.[0] ?? [], path))
      .map(({ alias }) => alias.name),
  );
  refuseIfUsed(builder, gone);
  const map = builder.expressionMap as {
    joinAttributes: readonly JoinAttributeShape[];
    selects: readonly { readonly selection: string }[];
  };
  map.joinAttributes = joins.filter(({ alias }) => !gone.has(alias.name));
  map.selects = map.selects.filter(({ selection }) => !gone.has(selection.split('.', 1)[0] ?? ''));
}

/** A condition or an order that names the relation keeps its join. */
function refuseIfUsed({ expressionMap }: ReplayBuilderShape, aliases: ReadonlySet<string>): void {
  const { wheres = [], orderBys = {}, groupBys = [] } = expressionMap as UsesOfAliases;
  const texts = JSON.stringify([wheres, groupBys], withoutCycles()) + Object.keys(orderBys).join();
  for (const alias of aliases)
    if (new RegExp(`(^|[^\\w])${alias.replace(/\W/g, '\\$&')}\\W*\\.`).test(texts))
      throw new ReplayStopped(`its condition or order names ${alias}, so the join has to stay`);
}

interface UsesOfAliases {
  readonly wheres?: readonly unknown[];
  readonly orderBys?: object;
  readonly groupBys?: readonly string[];
}

function withoutCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? null : value;
    if (seen.has(value)) return null;
    seen.add(value);
    return value;
  };
}

function joinsOf(builder: ReplayBuilderShape): readonly JoinAttributeShape[] {
  return builder.expressionMap.joinAttributes;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.length <= path.length && start.every((step, at) => path[at] === step);
}
