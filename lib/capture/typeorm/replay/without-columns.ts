import type { KeyColumnShape } from '../batching/batched-shapes.js';
import type { EntityMetadataShape } from '../typeorm-shapes.js';
import { joinPath, type RelationTree } from './relation-tree.js';
import type { FindOptionsShape, ReplayBuilderShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';

type Paths = readonly (readonly string[])[];

/** A column as a `select` knows it. */
interface SelectableColumn extends KeyColumnShape {
  readonly isSelect?: boolean;
}

/** The `select` of a find that leaves columns out. A class that nothing is left out of needs none, but for the root. */
export function selectWithout(
  select: FindOptionsShape['select'],
  metadata: EntityMetadataShape,
  tree: RelationTree,
  paths: Paths,
): object {
  if (select !== undefined && (Array.isArray(select) || typeof select !== 'object' || select === null))
    throw new ReplayStopped('its select is a list');
  const kept: Record<string, unknown> = {};
  const own = (select ?? allOf(metadata)) as Readonly<Record<string, unknown>>;
  const left = new Set(paths.filter((path) => path.length === 1).map(([name]) => name));
  for (const [name, value] of Object.entries(own)) if (!left.has(name)) kept[name] = value;
  for (const [name, below] of Object.entries(tree)) {
    const inner = paths.filter((path) => path.length > 1 && path[0] === name).map((path) => path.slice(1));
    const relation = metadata.findRelationWithPropertyPath(name) ?? undefined;
    if (inner.length === 0 || relation === undefined) continue;
    const chosen = own[name] === true ? undefined : own[name];
    kept[name] = selectWithout(chosen, relation.inverseEntityMetadata, below, inner);
  }
  return kept;
}

/** Selects that were the whole of a class become its columns, one by one. */
export function builderWithout(builder: ReplayBuilderShape, paths: Paths): void {
  const { mainAlias, joinAttributes } = builder.expressionMap;
  const main = mainAlias?.name ?? '';
  const classes = new Map<string, { metadata: EntityMetadataShape; left: Set<string> }>();
  const at = (path: readonly string[]): Set<string> =>
    new Set(
      paths.filter((each) => each.slice(0, -1).join('.') === path.join('.')).map((each) => each.at(-1) ?? ''),
    );
  if (mainAlias?.hasMetadata === true) classes.set(main, { metadata: mainAlias.metadata, left: at([]) });
  for (const join of joinAttributes) {
    const path = joinPath(join, main, joinAttributes)?.[0];
    if (path !== undefined && join.relation !== undefined)
      classes.set(join.alias.name, { metadata: join.relation.inverseEntityMetadata, left: at(path) });
  }
  const map = builder.expressionMap as { selects: readonly { readonly selection: string }[] };
  map.selects = map.selects.flatMap((select) => {
    const [alias = '', ...property] = select.selection.split('.');
    const { metadata, left } = classes.get(alias) ?? {};
    if (metadata === undefined || left === undefined || left.size === 0) return [select];
    if (property.length > 0) return left.has(property[0] ?? '') ? [] : [select];
    return columnsOf(metadata)
      .filter((path) => !left.has(path.split('.', 1)[0] ?? ''))
      .map((path) => ({ ...select, selection: `${alias}.${path}` }));
  });
}

function columnsOf(metadata: EntityMetadataShape): readonly string[] {
  const columns = metadata.columns as readonly SelectableColumn[];
  return columns
    .filter(({ isSelect, isVirtual }) => isSelect !== false && !isVirtual)
    .map(({ propertyPath }) => propertyPath);
}

/** As a `select`: embedded objects are nested. */
function allOf(metadata: EntityMetadataShape): object {
  const select: Record<string, unknown> = {};
  for (const path of columnsOf(metadata)) {
    const steps = path.split('.');
    let level = select;
    for (const step of steps.slice(0, -1)) level = (level[step] ??= {}) as Record<string, unknown>;
    level[steps.at(-1) ?? ''] = true;
  }
  return select;
}
