import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { cacheFacts, cacheName, cachesHead, hitRatioText } from '../cache-facts.js';
import type { CacheReport } from '../cache-report.js';
import { printable } from '../printable.js';
import type { Report } from '../report.js';
import { fold } from './fold.js';
import { sectionTitle } from './section-title.js';
import { type Line, span } from './span.js';
import { type Column, table } from './table.js';

/** More would not be read; the JSON report has them all. */
const MAX_PATTERNS = 20;
const INDENT = span('    ');

const right = { align: 'right' } as const;

const COLUMNS: readonly Column<CacheReport>[] = [
  { title: 'keys', cell: (row) => printable(cacheName(row)), priority: 0, style: () => 'strong' },
  { title: 'look-ups', cell: ({ lookUps }) => countText(lookUps), priority: 1, ...right },
  { title: 'hits', cell: hitRatioText, priority: 0, ...right },
  {
    title: 'saved',
    cell: ({ saved }) => durationText(saved.timeMs),
    priority: 0,
    ...right,
    style: () => 'good',
  },
  { title: 'queries', cell: ({ saved }) => countText(saved.statements), priority: 2, ...right },
  { title: 'hit p50', cell: ({ hitMs }) => durationText(hitMs.p50), priority: 4, ...right },
  {
    title: 'compute p50',
    cell: ({ computations }) => durationText(computations.timeMs.p50),
    priority: 3,
    ...right,
  },
  { title: 'sets', cell: ({ sets }) => countText(sets), priority: 6, ...right },
  {
    title: 'bytes',
    cell: ({ bytes }) => (bytes === undefined ? '' : countText(bytes.mean)),
    priority: 7,
    ...right,
  },
  {
    title: 'ttl',
    cell: ({ ttlMs }) => (ttlMs === undefined ? '' : durationText(ttlMs)),
    priority: 5,
    ...right,
  },
];

/** What the caches save and waste, pattern by pattern. */
export function cachesSection({ caches }: Report, columns: number, width: number): readonly Line[] {
  const asked = caches.filter(({ lookUps, sets }) => lookUps + sets > 0);
  const failures = caches.reduce((sum, one) => sum + one.failures, 0);
  if (asked.length === 0 && failures === 0) return [];
  const drawn = table(COLUMNS, asked, columns - 2);
  const more = asked.length - MAX_PATTERNS;
  return [
    sectionTitle('Caches', cachesHead(caches), columns),
    [],
    ...(asked.length === 0 ? [] : [[span('  '), ...drawn.head]]),
    ...asked
      .slice(0, MAX_PATTERNS)
      .flatMap((row) => [
        [span('  '), ...drawn.line(row)],
        ...cacheFacts(row).flatMap((fact) => fold([INDENT, span(printable(fact), 'faint')], width, [INDENT])),
      ]),
    ...(more > 0 ? [[span(`… and ${counted(more, 'pattern')} more, in the JSON report`, 'faint')]] : []),
    ...(failures === 0
      ? []
      : fold(
          [span(`  ${counted(failures, 'access', 'accesses')} in which a store failed.`, 'warning')],
          width,
        )),
  ];
}
