import { countText, counted } from '../../statistics/count-text.js';
import type { Report } from '../report.js';
import { findingLines } from './finding-lines.js';
import { fold } from './fold.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';

/** More would not be read; the JSON report has them all. */
const MAX_FINDINGS = 25;
const SILENCE =
  'To silence one: ignore: [ignoreFindings({ kind, relation, route, reason })] in the options of QueryLensModule.';

/** Everything that was found, worst first. */
export function findingsSection(report: Report, columns: number, width: number): readonly Line[] {
  const { findings } = report;
  if (findings.length === 0) return nothingFound(report, columns, width);
  const more = findings.length - MAX_FINDINGS;
  return [
    sectionTitle('Findings', countsText(report), columns),
    [],
    ...findings.slice(0, MAX_FINDINGS).flatMap((finding) => [...findingLines(finding, width), []]),
    ...(more > 0 ? [[span(`… and ${countText(more)} more, in the JSON report`, 'faint')], []] : []),
    ...fold([span(SILENCE, 'faint')], width),
  ];
}

function countsText({ totals: { findings } }: Report): string {
  const { error, warning, info } = findings;
  const counts = [
    error > 0 ? counted(error, 'error') : '',
    warning > 0 ? counted(warning, 'warning') : '',
    info > 0 ? countText(info) + ' for information' : '',
  ];
  return counts.filter((count) => count !== '').join(' · ');
}

function nothingFound(
  { totals, routes, loadingStrategies }: Report,
  columns: number,
  width: number,
): readonly Line[] {
  const text =
    totals.units + totals.queries === 0
      ? 'No unit of work has ended yet: nothing to look at.'
      : `Looked at ${counted(totals.queries, 'statement')} and ${counted(loadingStrategies.length, 'relation load')} ` +
        `of ${counted(totals.units, 'unit of work', 'units of work')} on ${counted(routes.length, 'route')}.`;
  return [sectionTitle('Nothing found', '', columns, 'good'), [], ...fold([span(text)], width)];
}
