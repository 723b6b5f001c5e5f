import type { FormRun, SortKey } from '../../../investigation/loading/form-run.js';
import type { ChildrenForm, LoadingForm } from '../../../investigation/loading/loading-trial.js';
import type { LoadedEntity } from '../../../investigation/loading/loaded-entity.js';
import type { Replay } from '../../../record/replay.js';
import type { BatchedRelationShape } from '../batching/batched-shapes.js';
import { loadRelation } from '../batching/load-relation.js';
import type { EntityMetadataShape } from '../typeorm-shapes.js';
import { childrenOf, loadedEntities, relationOf } from './loaded-entities.js';
import { callBuilder } from './call-builder.js';
import { callByKeys } from './call-by-keys.js';
import { countByKeys, countOneByOne, isCount } from './count-rows.js';
import { keyedBuilder, togetherBuilder } from './keyed-builder.js';
import { parentsBuilder, type ParentsForm } from './parents-builder.js';
import { rankedBuilder } from './ranked-builder.js';
import { joinPath, loadedTree, type RelationTree } from './relation-tree.js';
import { ReplayStopped, type ReplayRunner } from './replay-runner.js';
import type { ReplayBuilderShape, ReplayDataSourceShape } from './replay-shapes.js';

type Apart = Map<object, Map<string, readonly object[]>>;

/**
 * Loads in one form, as the application would, and says what that took and what came of it.
 *
 * @throws ReplayStopped, and whatever a statement throws
 */
export async function runForm(
  form: LoadingForm,
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<FormRun> {
  const { parents, change, children } = form;
  const apart: Apart = new Map();
  const changed = change === undefined ? {} : { change };
  const found = parents && (await find({ parents, ...changed }, dataSource, runner));
  const calls: Loaded[] = [];
  let byKeys: Loaded | undefined;
  if (children?.kind === 'calls') calls.push(...(await runCalls(children.calls, dataSource, runner)));
  else if (children?.kind === 'by-keys' || children?.kind === 'ranked')
    byKeys = await runTogether(children, dataSource, runner);
  else if (children !== undefined && found !== undefined)
    for (const path of children.kind === 'batched' ? children.paths : [children.path])
      await loadAlong(children, path, found, apart, dataSource, runner);
  const figures = runner.figures();
  // To read what came of it is no part of what is measured.
  return {
    figures,
    firstStatement: runner.firstStatement,
    roots: found === undefined ? [] : entitiesOf(found, apart),
    calls: calls.map((call) => call()),
    ...(byKeys === undefined ? {} : { byKeys: byKeys() }),
    sortedBy: found === undefined ? [] : sortKeys(found.builder),
  };
}

/** To read what came of a call is no part of what is measured. */
type Loaded = () => readonly LoadedEntity[];

async function runCalls(
  calls: readonly Replay[],
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<readonly Loaded[]> {
  if (calls.some(isCount)) {
    const counts = await countOneByOne(calls, dataSource, runner);
    return counts.map((count) => () => count);
  }
  const loaded: Loaded[] = [];
  for (const call of calls) {
    const found = await find({ parents: call }, dataSource, runner);
    loaded.push(() => entitiesOf(found));
  }
  return loaded;
}

async function runTogether(
  form: Extract<ChildrenForm, { kind: 'by-keys' | 'ranked' }>,
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<Loaded> {
  const { calls } = form;
  if (calls.some(isCount)) {
    const counts = await countByKeys(calls, dataSource, runner);
    return () => counts;
  }
  if (form.kind === 'by-keys' && calls.some(({ kind }) => kind === 'find')) {
    const found = await find({ parents: callByKeys(calls) }, dataSource, runner);
    return () => entitiesOf(found);
  }
  const builders = calls.map((call) => callBuilder(call, dataSource, runner));
  const found = await run(
    form.kind === 'ranked'
      ? rankedBuilder(keyedBuilder(builders), form.window, dataSource, runner)
      : togetherBuilder(keyedBuilder(builders)),
  );
  return () => entitiesOf(found);
}

interface Found {
  readonly builder: ReplayBuilderShape;
  readonly roots: readonly object[];
  readonly metadata: EntityMetadataShape;
  readonly tree: RelationTree;
}

async function find(
  form: ParentsForm,
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<Found> {
  return run(parentsBuilder(form, dataSource, runner));
}

async function run(builder: ReplayBuilderShape): Promise<Found> {
  const metadata = metadataOf(builder);
  const roots = await builder.getMany();
  return { builder, roots, metadata, tree: loadedTree(builder) };
}

function entitiesOf({ roots, metadata, tree }: Found, apart: Apart = new Map()): readonly LoadedEntity[] {
  return loadedEntities(roots, metadata, tree, apart);
}

/** Level by level, for every parent. */
async function loadAlong(
  form: Extract<ChildrenForm, { kind: 'one-by-one' | 'batched' }>,
  path: readonly string[],
  start: Found,
  apart: Apart,
  dataSource: ReplayDataSourceShape,
  runner: ReplayRunner,
): Promise<void> {
  let { roots: parents, metadata, tree } = start;
  for (const [depth, step] of path.entries()) {
    const relation = relationOf(metadata, step);
    if (relation === undefined) throw new ReplayStopped(`${metadata.name} has no relation ${step}`);
    const below = tree[step];
    if (below === undefined) {
      const load = form.kind === 'batched' ? loadTogether : loadOneByOne;
      if (form.kind === 'one-by-one' && depth === path.length - 1) parents = parents.slice(0, form.parents);
      const found = await load(dataSource, relation as BatchedRelationShape, parents, runner);
      parents.forEach((parent, at) => {
        const own = apart.get(parent) ?? new Map<string, readonly object[]>();
        apart.set(parent, own.set(step, found[at] ?? []));
      });
      parents = found.flat();
    } else parents = parents.flatMap((parent) => childrenOf(parent, relation));
    metadata = relation.inverseEntityMetadata;
    tree = below ?? {};
  }
}

type LoadedOfEach = Promise<readonly (readonly object[])[]>;

async function loadOneByOne(
  { relationLoader }: ReplayDataSourceShape,
  relation: BatchedRelationShape,
  parents: readonly object[],
  runner: ReplayRunner,
): LoadedOfEach {
  const found: (readonly object[])[] = [];
  for (const parent of parents) found.push(await relationLoader.load(relation, parent, runner));
  return found;
}

async function loadTogether(
  dataSource: ReplayDataSourceShape,
  relation: BatchedRelationShape,
  parents: readonly object[],
  runner: ReplayRunner,
): LoadedOfEach {
  const shares = await loadRelation(dataSource, relation, parents, runner);
  return shares.map((share) => {
    if (share instanceof Error) throw share;
    return share;
  });
}

function metadataOf({ expressionMap: { mainAlias } }: ReplayBuilderShape): EntityMetadataShape {
  if (mainAlias?.hasMetadata !== true) throw new ReplayStopped('it loads no entities');
  return mainAlias.metadata;
}

function sortKeys({ expressionMap }: ReplayBuilderShape): readonly SortKey[] {
  const { mainAlias, joinAttributes, orderBys } = expressionMap;
  const main = mainAlias?.name ?? '';
  return Object.keys(orderBys ?? {}).map((column): SortKey => {
    const [alias = '', ...property] = column.split('.');
    const join = joinAttributes.find((candidate) => candidate.alias.name === alias);
    const path = alias === main ? [] : join && joinPath(join, main, joinAttributes)?.[0];
    if (path === undefined || property.length === 0) return { path: [] };
    return { path, property: property.join('.') };
  });
}
