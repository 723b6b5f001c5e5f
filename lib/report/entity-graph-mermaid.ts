import { countText, counted } from '../statistics/count-text.js';
import type { EntityGraph, EntityGraphEdge, ReadVerdict } from './entity-graph.js';
import { printable } from './printable.js';

const READ_TEXT: Readonly<Record<ReadVerdict, string | undefined>> = {
  read: 'read',
  'sent-only': 'sent only',
  copied: 'copied',
  unread: 'unread',
  unknown: undefined,
};

/** The graph as a Mermaid flowchart. Dotted: loaded and not read. Thick: the verdict is not to keep it. */
export function entityGraphMermaid({ roots }: EntityGraph): string {
  const lines = ['flowchart LR'];
  let nodes = 0;
  const node = (text: string): string => {
    const name = `e${String(nodes++)}`;
    lines.push(`  ${name}["${escaped(text)}"]`);
    return name;
  };
  const draw = (from: string, edges: readonly EntityGraphEdge[]): void => {
    for (const edge of edges) {
      const to = node(targetOf(edge));
      lines.push(`  ${from} ${arrowOf(edge)}|"${labelOf(edge)}"| ${to}`);
      draw(to, edge.below);
    }
  };
  for (const { entity, below } of roots) draw(node(entity ?? 'rows'), below);
  return lines.join('\n');
}

function arrowOf({ readState, row }: EntityGraphEdge): string {
  if (readState === 'unread') return '-.->';
  return row.verdict.choice === 'keep' ? '-->' : '==>';
}

function targetOf({ row: { target, relation, isToMany } }: EntityGraphEdge): string {
  return `${target ?? relation}${isToMany === true ? '[]' : ''}`;
}

function labelOf({ row, readState }: EntityGraphEdge): string {
  const { relation, property, strategy, isCount, loads, isToMany, fanOut, verdict } = row;
  const how = [
    isCount === true ? 'count' : strategy,
    counted(loads, 'load'),
    ...(isToMany === true && isCount !== true ? [`fan-out ${countText(fanOut.p95)}`] : []),
  ].join(' · ');
  const what = [READ_TEXT[readState], verdict.choice].filter((part) => part !== undefined).join(' · ');
  return [property ?? relation, how, what].map(escaped).join('<br>');
}

/** Names are the user's, and may hold what Mermaid or a page would take for its own. */
function escaped(text: string): string {
  return printable(text).replace(
    /[^\p{L}\p{N} ._·[\]/:-]/gu,
    (character) => `#${String(character.codePointAt(0))};`,
  );
}
