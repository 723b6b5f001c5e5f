import type { ReadIdentity } from './read-statistics.js';

/** One class on the way, with the columns that stay. */
export interface SelectedNode {
  /** Relations from the root; empty for the root itself. */
  readonly path: string;
  readonly entity: string;
  readonly alias?: string;
  /** Property paths. */
  readonly kept: readonly string[];
  /** Something is left out here: the others need no select of their own. */
  readonly unused: readonly string[];
}

/** What to paste into the call. TypeORM takes all columns of a relation that its select does not spell out. */
export function selectCode({ isFind, alias }: ReadIdentity, nodes: readonly SelectedNode[]): string {
  return isFind
    ? `select: ${objectText(findTree(nodes))}`
    : `.select([${builderNames(alias, nodes).join(', ')}])`;
}

interface Tree {
  readonly [property: string]: Tree | true;
}

function findTree(nodes: readonly SelectedNode[]): Tree {
  const tree: Tree = {};
  for (const { path, kept, unused } of nodes) {
    if (path !== '' && unused.length === 0) continue;
    for (const property of kept) put(tree, [...(path === '' ? [] : path.split('.')), ...property.split('.')]);
  }
  return tree;
}

function put(tree: Tree, steps: readonly string[]): void {
  let level = tree as Record<string, Tree | true>;
  for (const [at, step] of steps.entries()) {
    if (at === steps.length - 1) level[step] ??= true;
    else {
      const next = level[step];
      level = next === undefined || next === true ? (level[step] = {}) : next;
    }
  }
}

function objectText(tree: Tree): string {
  const parts = Object.entries(tree).map(
    ([property, below]) => `${property}: ${below === true ? 'true' : objectText(below)}`,
  );
  return `{ ${parts.join(', ')} }`;
}

function builderNames(rootAlias: string, nodes: readonly SelectedNode[]): readonly string[] {
  return nodes.flatMap(({ path, alias = rootAlias, kept, unused }) =>
    path !== '' && unused.length === 0 ? `'${alias}'` : kept.map((property) => `'${alias}.${property}'`),
  );
}
