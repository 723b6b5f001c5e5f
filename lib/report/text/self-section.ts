import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { printable } from '../printable.js';
import type { Report, SelfReport } from '../report.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

/** QueryLens's own cost, and what it could not do. */
export function selfSection({ self }: Report, width: number): readonly Line[] {
  return [
    ...fold([span(costText(self), 'faint')], width),
    ...warnings(self).flatMap((text) =>
      fold([span('! ', 'warning'), span(printable(text))], width, [span('  ')]),
    ),
  ];
}

function costText({ analysisMicroseconds, unitsAnalysed, recordsKept, recordsDropped }: SelfReport): string {
  const each =
    unitsAnalysed === 0 ? '' : `, ${durationText(analysisMicroseconds / 1_000 / unitsAnalysed)} each`;
  return (
    `QueryLens took ${durationText(analysisMicroseconds / 1_000)} off the request path to analyse ` +
    `${counted(unitsAnalysed, 'unit')}${each}; ${counted(recordsKept, 'record')} kept, ${countText(recordsDropped)} dropped.`
  );
}

function warnings({ evicted, failures, degraded, ignores }: SelfReport): readonly string[] {
  const gone = Object.entries(evicted).filter(([, count]) => count > 0);
  return [
    ...gone.map(
      ([name, count]) => `${countText(count)} ${name} gave way to newer ones: the maximum was reached.`,
    ),
    ...failures.map(
      ({ where, count, message }) => `QueryLens failed ${counted(count, 'time')} in ${where}: ${message}`,
    ),
    ...degraded.map((text) => `Degraded: ${text}`),
    ...ignores.filter(({ isExpired }) => isExpired).map(({ rule }) => `An ignore has expired: ${rule}`),
  ];
}
