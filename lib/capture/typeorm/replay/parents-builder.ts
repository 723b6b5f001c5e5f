import type { LoadingForm, ParentsChange } from '../../../investigation/loading/loading-trial.js';
import type { JoinAttributeShape } from '../typeorm-shapes.js';
import type { RecordedLoad } from './recorded-load.js';
import { joinPath, optionPaths, relationsOption } from './relation-tree.js';
import type { FindOptionsShape, ReplayBuilderShape, ReplayDataSourceShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';

/** The builder that loads the parents, as it was recorded or changed. Made anew each time: a builder is used once. */
export function parentsBuilder(
  { parents, change }: Pick<LoadingForm, 'parents' | 'change'>,
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
  return dataSource
    .createQueryBuilder(runner)
    .select(alias)
    .from(target, alias)
    .setFindOptions(change === undefined ? uncached : changedOptions(uncached, change))
    .cache(false);
}

function changedOptions(options: FindOptionsShape, change: ParentsChange): FindOptionsShape {
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
        relations: relationsOption(paths.filter((path) => !startsWith(path, change.path))),
      };
  }
}

function changeBuilder(builder: ReplayBuilderShape, change: ParentsChange): void {
  if (change.kind === 'join') joinAlong(builder, change.path);
  else if (change.kind === 'without') leaveOut(builder, change.path);
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
  const map = builder.expressionMap as {
    joinAttributes: readonly JoinAttributeShape[];
    selects: readonly { readonly selection: string }[];
  };
  map.joinAttributes = joins.filter(({ alias }) => !gone.has(alias.name));
  map.selects = map.selects.filter(({ selection }) => !gone.has(selection.split('.', 1)[0] ?? ''));
}

function joinsOf(builder: ReplayBuilderShape): readonly JoinAttributeShape[] {
  return builder.expressionMap.joinAttributes;
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.length <= path.length && start.every((step, at) => path[at] === step);
}
