import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import type { EntityModel } from '../record/schema-model.js';
import { countText, counted } from './count-text.js';
import { isJudged } from './is-judged.js';
import type { ReadNodeStatistics } from './read-node-statistics.js';
import type { ReadStatistics } from './read-statistics.js';
import { selectCode, type SelectedNode } from './select-code.js';
import { isBelowUnused } from './unused-relations.js';

interface UnusedNode extends SelectedNode {
  readonly unused: readonly string[];
  readonly bytes: number;
  readonly timeMs: number;
}

/** More are not named in the title. */
const MAX_NAMED = 3;

/**
 * The columns that one call site loads and nobody reads, where they weigh something. Keys always stay.
 * Rulings: RULINGS.md, "unused-columns".
 */
export function unusedColumns(entry: ReadStatistics, thresholds: Thresholds): Finding | undefined {
  if (!isJudged(entry, thresholds)) return undefined;
  const nodes = [...entry.nodes.values()].filter((node) => isWanted(node, entry));
  const judged = nodes.map((node) => judge(node, entry.models, thresholds));
  const bytes = Math.round(judged.reduce((sum, node) => sum + node.bytes, 0));
  const names = judged.flatMap(({ entity, unused }) => unused.map((column) => `${entity}.${column}`));
  if (names.length === 0 || bytes < thresholds.unusedColumnBytes) return undefined;
  return findingOf(entry, judged, names, bytes);
}

function isWanted(node: ReadNodeStatistics, entry: ReadStatistics): boolean {
  return node.identity.relation === undefined || (!node.isUnused && !isBelowUnused(node, entry));
}

function judge(
  node: ReadNodeStatistics,
  models: ReadStatistics['models'],
  { minSampledLoads }: Thresholds,
): UnusedNode {
  const { path, entity } = node.identity;
  const model = models.get(entity);
  const keys = keysOf(model, models);
  const unused = [...node.columns].filter(
    ([column, { loads, used }]) =>
      used === 0 && loads >= minSampledLoads && model !== undefined && !node.isServing && !keys.has(column),
  );
  const dropped = new Set(unused.map(([column]) => column));
  return {
    path,
    entity,
    alias: node.alias,
    unused: [...dropped],
    kept: pathsOf(
      [...node.columns.keys()].filter((column) => !dropped.has(column)),
      model,
    ),
    bytes: unused.reduce((sum, [, column]) => sum + column.bytes / column.loads, 0),
    timeMs: hydrationOf(node) * (unused.length / Math.max(1, node.columns.size)),
  };
}

/** Time that one load takes to make these entities; of a relation with statements of its own it is not told apart. */
function hydrationOf({ statements, timeMs, loads }: ReadNodeStatistics): number {
  return statements > 0 ? 0 : timeMs / loads;
}

/** First steps of the properties that TypeORM needs to make entities and to tie them together. */
function keysOf(model: EntityModel | undefined, models: ReadStatistics['models']): ReadonlySet<string> {
  const own = model?.relations.flatMap(({ joinColumns }) => joinColumns.map(({ column }) => column)) ?? [];
  const others = [...models.values()].flatMap(({ relations }) =>
    relations
      .filter(({ target }) => target === model?.name)
      .flatMap(({ joinColumns }) => joinColumns.map(({ references }) => references)),
  );
  const names = new Set([...own, ...others]);
  const keys = model?.columns.filter(({ column, isPrimary }) => isPrimary || names.has(column)) ?? [];
  return new Set(keys.map(({ property }) => firstStep(property)));
}

/** Whole property paths of the columns that stay: an embedded object stands for all of its columns. */
function pathsOf(kept: readonly string[], model: EntityModel | undefined): readonly string[] {
  return (model?.columns ?? [])
    .map(({ property }) => property)
    .filter((path) => kept.includes(firstStep(path)));
}

function firstStep(path: string): string {
  return path.split('.', 1)[0] as string;
}

function findingOf(
  entry: ReadStatistics,
  nodes: readonly UnusedNode[],
  names: readonly string[],
  bytes: number,
): Finding {
  const { dataSource, statement, entity } = entry.identity;
  const { loads } = entry;
  return {
    kind: 'unused-columns',
    severity: 'warning',
    title: `${named(names)} ${names.length === 1 ? 'is' : 'are'} loaded for nothing: read in 0 of ${counted(loads, 'load')}`,
    route: entry.routes[0] ?? '',
    dataSource,
    relation: entity,
    statement,
    callSites: [...entry.callSites],
    evidence: {
      text: `Nobody read ${names.length === 1 ? 'it' : 'them'} in ${counted(loads, 'watched load')}, about ${countText(bytes)} bytes in each.`,
      facts: { loads, read: 0, columns: names.join(', '), paths: pathsOfUnused(nodes), bytes },
    },
    cost: {
      statements: 0,
      rows: Math.round(entry.entities / loads),
      timeMs: nodes.reduce((sum, node) => sum + node.timeMs, 0),
      bytes,
    },
    advice: {
      text: 'Select the columns that are read; keys always come along.',
      code: selectCode(entry.identity, nodes),
    },
  };
}

/** From the root: `blurb, reviews.text`. */
function pathsOfUnused(nodes: readonly UnusedNode[]): string {
  return nodes
    .flatMap(({ path, unused }) => unused.map((column) => (path === '' ? column : `${path}.${column}`)))
    .join(', ');
}

function named(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  if (more > 0) return `${names.slice(0, MAX_NAMED).join(', ')} and ${counted(more, 'more column')}`;
  return names.length === 1 ? (names[0] as string) : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
