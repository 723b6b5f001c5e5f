import { counted, countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import type { Report } from '../report.js';
import { inlineCode, plain } from './markdown-text.js';

/** What was watched, and how much of it there was. */
export function headMarkdown({ totals, window, dataSources, instance }: Report): readonly string[] {
  const { units, queries, rows, errors, timeMs } = totals;
  const figures = [
    counted(units, 'unit of work', 'units of work'),
    counted(queries, 'statement'),
    counted(rows, 'row'),
    `${durationText(timeMs.execute)} in the database`,
    `${durationText(timeMs.wait)} waiting for a connection`,
    ...(errors === 0 ? [] : [`**${countText(errors)} failed**`]),
  ];
  const sources = dataSources.map(({ name, driver }) => `${inlineCode(name)} (${plain(driver)})`).join(', ');
  return [
    '# QueryLens report',
    '',
    figures.join(' · '),
    '',
    `${timeOf(window.from)} to ${timeOf(window.to)} UTC${sources === '' ? '' : ` · ${sources}`} · nestjs-query-lens ${plain(instance.version)}, Node.js ${plain(instance.node)}`,
  ];
}

function timeOf(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
