import { changeText } from '../change-text.js';
import { printable } from '../printable.js';
import type { LoadingStrategyReport } from '../report.js';
import { codeLines } from './code-lines.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

const GUTTER = span('  │ ', 'faint');

/** What to change on one route. Relations that one call can load share its code, which is written once. */
export function verdictLines(rows: readonly LoadingStrategyReport[], width: number): readonly Line[] {
  return rows.flatMap((row, at) => {
    const { code } = row.verdict;
    const isLastWithCode = !rows.slice(at + 1).some(({ verdict }) => verdict.code === code);
    return [
      ...verdictLine(row, width),
      ...(code !== undefined && isLastWithCode ? verdictCode(code, width) : []),
    ];
  });
}

function verdictLine(row: LoadingStrategyReport, width: number): readonly Line[] {
  const { relation, verdict } = row;
  const name = [GUTTER, span(printable(relation)), span(' → '), span(verdict.choice, 'warning')];
  const change = printable(changeText(row));
  const words = [span('  '), span(printable(verdict.why)), span(change === '' ? '' : ` ${change}`, 'faint')];
  return fold([...name, ...words], width, [GUTTER, span('  ')]);
}

function verdictCode(code: string, width: number): readonly Line[] {
  return codeLines(code, width - 8).map((line) => [GUTTER, span('    '), ...line]);
}
