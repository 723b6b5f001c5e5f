import type { JoinAttributeShape } from '../typeorm-shapes.js';
import type { FindOptionsShape, ReplayBuilderShape } from './replay-shapes.js';

/** Relations below an entity, by property path. */
export interface RelationTree {
  readonly [relation: string]: RelationTree;
}

/** Paths of relations from the root. */
type Paths = readonly (readonly string[])[];

/** The relations that a builder has loaded. */
export function loadedTree(builder: ReplayBuilderShape): RelationTree {
  const { mainAlias, joinAttributes } = builder.expressionMap;
  const joined = joinAttributes.filter(({ isSelected }) => isSelected);
  const queried = builder.relationMetadatas ?? [];
  return treeOf([
    ...joined.flatMap((join) => joinPath(join, mainAlias?.name ?? '', joinAttributes) ?? []),
    ...queried.map(({ propertyPath }) => [propertyPath]),
    ...(queried.length === 0 ? [] : optionPaths(builder.findOptions?.relations)),
  ]);
}

/** `relations` of a find as paths, those in between included. */
export function optionPaths(relations: FindOptionsShape['relations']): Paths {
  if (Array.isArray(relations)) return (relations as readonly string[]).map((path) => path.split('.'));
  return Object.entries(relations ?? {}).flatMap(([name, below]: [string, unknown]): Paths => {
    if (below === undefined || below === false) return [];
    const deeper = typeof below === 'object' && below !== null ? optionPaths(below) : [];
    return [[name], ...deeper.map((path) => [name, ...path])];
  });
}

/** `relations` of a find, from paths. */
export function relationsOption(paths: Paths): object {
  return optionOf(treeOf(paths));
}

/** The tree with a path more. */
export function withPath(tree: RelationTree, [head, ...below]: readonly string[]): RelationTree {
  return head === undefined ? tree : { ...tree, [head]: withPath(tree[head] ?? {}, below) };
}

/** Paths as a tree. */
export function treeOf(paths: Paths): RelationTree {
  return paths.reduce<RelationTree>(withPath, {});
}

/** A tree as paths, those in between included. */
export function pathsOf(tree: RelationTree): Paths {
  return Object.entries(tree).flatMap(([name, below]) => [
    [name],
    ...pathsOf(below).map((path) => [name, ...path]),
  ]);
}

function optionOf(tree: RelationTree): object {
  return Object.fromEntries(
    Object.entries(tree).map(([name, below]) => [
      name,
      Object.keys(below).length === 0 ? true : optionOf(below),
    ]),
  );
}

/** One joined array per join; undefined for a join that fills no relation. Wrapped, because paths are lists too. */
export function joinPath(
  join: JoinAttributeShape,
  mainAlias: string,
  joins: readonly JoinAttributeShape[],
): [readonly string[]] | undefined {
  const { relation, parentAlias, mapToPropertyPropertyName } = join;
  if (relation === undefined || mapToPropertyPropertyName !== undefined) return undefined;
  if (parentAlias === mainAlias) return [[relation.propertyPath]];
  const parent = joins.find(({ alias }) => alias.name === parentAlias);
  const above = parent && joinPath(parent, mainAlias, joins);
  return above === undefined ? undefined : [[...above[0], relation.propertyPath]];
}
