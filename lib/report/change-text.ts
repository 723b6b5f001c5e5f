import { counted, countText } from '../statistics/count-text.js';
import type { LoadingStrategyReport } from './report.js';

/** Fewer copies of each child than this are no news. */
const MANY_COPIES = 2;

/** How often each child came over the wire, where that is often: `×8`. */
export function copiesText({ duplication = 1 }: Pick<LoadingStrategyReport, 'duplication'>): string {
  return duplication < MANY_COPIES ? '' : `×${countText(duplication)}`;
}

/** What the change makes of the relation's own figures, or why nobody can know. */
export function changeText({
  verdict: { expected, whyNoFigures = '' },
  statements,
  rows,
}: Pick<LoadingStrategyReport, 'verdict' | 'statements' | 'rows'>): string {
  if (expected === undefined) return whyNoFigures;
  if (statements === expected.statements && rows === expected.rows) return '';
  const change = (before: number, after: number): string => `${countText(before)} → ${countText(after)}`;
  if (statements === 0 && expected.statements > 0)
    return `Rows ${change(rows, expected.rows)}, in ${counted(expected.statements, 'statement')} of its own.`;
  return `Statements ${change(statements, expected.statements)}, rows ${change(rows, expected.rows)}.`;
}
