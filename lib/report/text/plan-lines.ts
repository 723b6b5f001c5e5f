import type { PlanNode, QueryPlan } from '../../investigation/query-plan.js';
import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { planFigures } from '../plan-figures.js';
import { printable } from '../printable.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

const MAX_NODES = 30;

/** A plan as an indented tree, the costliest node marked, and what it warns of. */
export function planLines(plan: QueryPlan, width: number): readonly Line[] {
  const nodes = [...flat(plan.root, 0)];
  const more = nodes.length - MAX_NODES;
  return [
    [span(`plan: ${planFigures(plan)}`, 'faint')],
    ...nodes.slice(0, MAX_NODES).flatMap(({ node, depth }) => nodeLines(node, depth, width)),
    ...(more > 0 ? [[span(`  … ${counted(more, 'more step')}`, 'faint')]] : []),
    ...plan.warnings.flatMap(({ text }) =>
      fold([span('! ', 'warning'), span(printable(text))], width, [span('  ')]),
    ),
  ];
}

function* flat(node: PlanNode, depth: number): Iterable<{ node: PlanNode; depth: number }> {
  yield { node, depth };
  for (const child of node.children) yield* flat(child, depth + 1);
}

function nodeLines(node: PlanNode, depth: number, width: number): readonly Line[] {
  const mark = node.isCostliest === true ? span('▶ ', 'error') : span('  ');
  const indent = '  '.repeat(Math.min(depth, 12));
  const name = span(printable(nameOf(node)), node.isCostliest === true ? 'error' : undefined);
  const hang = [span(`  ${indent}    `)];
  const details = [
    node.condition,
    node.filter === undefined ? undefined : `filter ${node.filter}`,
    sortOf(node),
  ];
  return [
    ...fold([mark, span(indent), name, span(`  ${figuresOf(node)}`, 'faint')], width, hang),
    ...details.flatMap((detail) =>
      detail === undefined ? [] : fold([...hang, span(printable(detail), 'faint')], width, hang),
    ),
  ];
}

function nameOf({ operation, relation, alias, index }: PlanNode): string {
  const parts = [
    operation,
    index === undefined ? '' : `using ${index}`,
    relation === undefined ? '' : `on ${relation}`,
    alias ?? '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function sortOf({ sortKeys }: PlanNode): string | undefined {
  return sortKeys === undefined ? undefined : `by ${sortKeys.join(', ')}`;
}

function figuresOf({
  rowsEstimated,
  rowsActual,
  rowsRemoved,
  loops,
  costShare,
  timeMs,
  cost,
}: PlanNode): string {
  const figures = [
    costShare === undefined ? '' : `${Math.round(costShare * 100)} %`,
    timeMs === undefined
      ? cost === undefined
        ? ''
        : `cost ${countText(cost)}`
      : durationText(timeMs * loops),
    rowsText(rowsEstimated, rowsActual),
    rowsRemoved === undefined ? '' : `${countText(rowsRemoved)} thrown away`,
    loops > 1 ? `${countText(loops)} times` : '',
  ];
  return figures.filter((figure) => figure !== '').join(' · ');
}

function rowsText(estimated: number | undefined, actual: number | undefined): string {
  if (actual !== undefined) return `${counted(actual, 'row')} (expected ${countText(estimated ?? 0)})`;
  return estimated === undefined ? '' : counted(estimated, 'row');
}
