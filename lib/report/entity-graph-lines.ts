import type { EntityGraph, EntityGraphEdge } from './entity-graph.js';

/** One relation of an entity graph, with the branches that stand before its name in a text. */
export interface EntityGraphLine {
  readonly branch: string;
  readonly edge: EntityGraphEdge;
}

/** The graph as a tree of text: relations of the roots at the margin, what was loaded from their entities below them. */
export function entityGraphLines({ roots }: EntityGraph): readonly EntityGraphLine[] {
  return roots.flatMap(({ below }) =>
    below.flatMap((edge) => [{ branch: '', edge }, ...linesBelow(edge, '')]),
  );
}

function linesBelow({ below }: EntityGraphEdge, indent: string): readonly EntityGraphLine[] {
  return below.flatMap((edge, at) => {
    const isLast = at === below.length - 1;
    return [
      { branch: `${indent}${isLast ? '└─ ' : '├─ '}`, edge },
      ...linesBelow(edge, `${indent}${isLast ? '   ' : '│  '}`),
    ];
  });
}
