import { countText, counted } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { cacheFacts, cacheName, cachesHead, hitRatioText } from '../cache-facts.js';
import type { CacheReport } from '../cache-report.js';
import type { Report } from '../report.js';
import { inlineCode, markdownTable, plain } from './markdown-text.js';

const MAX_ROWS = 50;
const TITLES = ['keys', 'look-ups', 'hits', 'saved', 'queries', 'compute p50', 'sets', 'bytes', 'ttl'];

/** One row for every pattern of keys, then what stands out. */
export function cachesMarkdown({ caches }: Report): readonly string[] {
  const asked = caches.filter(({ lookUps, sets, failures }) => lookUps + sets + failures > 0);
  if (asked.length === 0) return [];
  const shown = asked.slice(0, MAX_ROWS);
  const facts = shown.flatMap((row) => cacheFacts(row).map((fact) => `- ${nameOf(row)}: ${plain(fact)}`));
  const failures = asked.reduce((sum, row) => sum + row.failures, 0);
  const more = asked.length - shown.length;
  return [
    `## Caches: ${plain(cachesHead(caches))}`,
    '',
    ...markdownTable(TITLES, shown.map(cells), (column) => column > 0),
    ...(more > 0 ? ['', `… and ${countText(more)} more in the JSON report.`] : []),
    ...(facts.length === 0 ? [] : ['', ...facts]),
    ...(failures === 0 ? [] : ['', `${counted(failures, 'access', 'accesses')} in which a store failed.`]),
  ];
}

function cells(row: CacheReport): readonly string[] {
  return [
    nameOf(row),
    countText(row.lookUps),
    hitRatioText(row),
    durationText(row.saved.timeMs),
    countText(row.saved.statements),
    durationText(row.computations.timeMs.p50),
    countText(row.sets),
    row.bytes === undefined ? '' : countText(row.bytes.mean),
    row.ttlMs === undefined ? '' : durationText(row.ttlMs),
  ];
}

/** What concerns the whole cache has no pattern. */
function nameOf(row: CacheReport): string {
  return inlineCode(row.pattern === '' ? row.cache : cacheName(row));
}
