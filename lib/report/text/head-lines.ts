import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { printable } from '../printable.js';
import type { Report } from '../report.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

const INDENT = [span(' '.repeat(11))];

/** Who speaks, about what: totals, the window, the data sources. */
export function headLines({ totals, window, dataSources }: Report, columns: number): readonly Line[] {
  const { units, queries, rows, errors, timeMs, batching } = totals;
  const figures = [
    counted(units, 'unit'),
    counted(queries, 'statement'),
    counted(rows, 'row'),
    `${durationText(timeMs.execute)} in the database`,
    ...(timeMs.wait >= 1 ? [`${durationText(timeMs.wait)} waiting for a connection`] : []),
    ...(batching === undefined
      ? []
      : [`${counted(batching.statementsSaved, 'statement')} saved by batching`]),
  ].join(' · ');
  const failed = errors === 0 ? [] : [span(' · '), span(`${countText(errors)} failed`, 'error')];
  const sources = dataSources.map(({ name, driver }) => printable(`${name} (${driver})`)).join(', ');
  const since = `${timeOf(window.from)} to ${until(window)} UTC${sources === '' ? '' : ` · ${sources}`}`;
  return [
    ...fold([span('QueryLens  ', 'strong'), span(figures), ...failed], columns, INDENT),
    ...fold([...INDENT, span(since, 'faint')], columns, INDENT),
  ];
}

/** `2026-05-01 12:00:00`. */
function timeOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** The day is not said twice. */
function until({ from, to }: Report['window']): string {
  return from.slice(0, 10) === to.slice(0, 10) ? timeOf(to).slice(11) : timeOf(to);
}
