import { groupBy } from '../analysis/totals.js';
import type { LoadingStrategyReport } from './report.js';

/**
 * Whether a relation was read: by the handler's code, for the response only, copied with its parent only, not at all;
 * `unknown` where nobody watched.
 */
export type ReadVerdict = 'read' | 'sent-only' | 'copied' | 'unread' | 'unknown';

/** One relation as it was loaded, and what was loaded from its entities. */
export interface EntityGraphEdge {
  readonly row: LoadingStrategyReport;
  readonly readState: ReadVerdict;
  readonly below: readonly EntityGraphEdge[];
}

/** The class of the list that was read first, and the relations loaded from it. */
export interface EntityGraphRoot {
  /** Absent where the relation's class is not known: `Author by id`. */
  readonly entity?: string;
  readonly below: readonly EntityGraphEdge[];
}

/** One picture of what one route loads: a tree for each class that it starts from. */
export interface EntityGraph {
  readonly route: string;
  readonly roots: readonly EntityGraphRoot[];
}

interface GrowingEdge extends EntityGraphEdge {
  readonly below: GrowingEdge[];
  parent?: GrowingEdge;
}

/** The entity graph of each route, in the order of the rows; siblings too keep it. */
export function entityGraphs(rows: readonly LoadingStrategyReport[]): readonly EntityGraph[] {
  return [...groupBy(rows, ({ route }) => route)].map(([route, ofRoute]) => ({
    route,
    roots: rootsOf(ofRoute),
  }));
}

function rootsOf(rows: readonly LoadingStrategyReport[]): readonly EntityGraphRoot[] {
  const edges = rows.map((row): GrowingEdge => ({ row, readState: readStateOf(row), below: [] }));
  for (const edge of edges) hang(edge, edges);
  const tops = groupBy(
    edges.filter(({ parent }) => parent === undefined),
    ({ row }) => `${row.dataSource}\n${startOf(row) ?? ''}`,
  );
  return [...tops.values()].map((below): EntityGraphRoot => {
    const entity = below[0] === undefined ? undefined : startOf(below[0].row);
    return { ...(entity === undefined ? {} : { entity }), below };
  });
}

/** Below the relation that its parents came through; where that was not seen, below one that leads to their class. */
function hang(edge: GrowingEdge, edges: readonly GrowingEdge[]): void {
  const { row } = edge;
  const { entity, path = [] } = row.loadedFrom ?? {};
  if (path.length === 0 && (entity === undefined || entity === row.entity) && row.loadedFrom !== undefined)
    return;
  const others = edges.filter((other) => other.row.dataSource === row.dataSource && !isWithin(other, edge));
  const parent =
    others.find(
      (other) => other.row.loadedFrom?.entity === entity && stepsOf(other.row) === path.join('.'),
    ) ?? others.find(({ row: { target } }) => target !== undefined && target === row.entity);
  if (parent === undefined) return;
  edge.parent = parent;
  parent.below.push(edge);
}

/** `books.reviews` for `Book.reviews` of the authors' books; undefined where the way is not known. */
function stepsOf({ loadedFrom, property }: LoadingStrategyReport): string | undefined {
  return loadedFrom === undefined || property === undefined
    ? undefined
    : [...loadedFrom.path, property].join('.');
}

function startOf({ loadedFrom, entity }: LoadingStrategyReport): string | undefined {
  return loadedFrom?.path.length === 0 ? (loadedFrom.entity ?? entity) : entity;
}

function isWithin(edge: GrowingEdge | undefined, other: GrowingEdge): boolean {
  for (let at = edge; at !== undefined; at = at.parent) if (at === other) return true;
  return false;
}

function readStateOf({ read }: LoadingStrategyReport): ReadVerdict {
  if (read === undefined || read.loads === 0) return 'unknown';
  if (read.read > 0) return 'read';
  if (read.sentToClient > 0) return 'sent-only';
  return read.copied > 0 ? 'copied' : 'unread';
}
