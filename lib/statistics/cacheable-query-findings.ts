import { rounded } from '../record/rounded.js';
import { groupBy } from '../analysis/totals.js';
import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { addCallSite } from './add-call-site.js';
import { cachingAdvice, plainName } from './caching-advice.js';
import { counted, countText } from './count-text.js';
import { durationText } from './duration-text.js';
import { findingId } from './finding-place.js';
import type { RepeatedRead } from './repeated-read.js';
import type { SeenFinding } from './slow-query-findings.js';
import { statementName } from './statement-name.js';
import type { Statistics } from './statistics.js';

/** Reads that a cache could have answered: the same statement and values gave the same rows, unit after unit. */
export function cacheableQueryFindings(
  statistics: Statistics,
  thresholds: Thresholds,
): readonly SeenFinding[] {
  const reads = [...statistics.repeatedReads.entries.values()];
  return [
    ...groupBy(reads, ({ dataSource, fingerprint }) => `${dataSource}\n${fingerprint}`).values(),
  ].flatMap((all) => {
    const repeated = all.filter(({ units }) => units >= thresholds.minCacheableUnits);
    const isWorthIt = repeated.length > 0 && savedMs(repeated) >= thresholds.cacheableSavingMs;
    return isWorthIt ? [seenFinding(repeated, all)] : [];
  });
}

/** All runs but the first of each. */
function savedMs(group: readonly RepeatedRead[]): number {
  return group.reduce((sum, { timeMs, units }) => sum + (timeMs * (units - 1)) / units, 0);
}

/** `all`: with the values that were asked for less often. */
function seenFinding(group: readonly RepeatedRead[], all: readonly RepeatedRead[]): SeenFinding {
  const [first] = group as [RepeatedRead];
  const units = group.reduce((sum, read) => sum + read.units, 0);
  const firstSeen = Math.min(...group.map((read) => read.firstSeen));
  const lastSeen = Math.max(...group.map((read) => read.lastSeen));
  const saved = savedMs(group);
  const finding: Finding = {
    kind: 'cacheable-query',
    severity: 'info',
    title: `${statementName(first.text)} gave the same rows to ${counted(units, 'unit of work', 'units of work')}`,
    route: [...first.routes][0] ?? '',
    dataSource: first.dataSource,
    statement: { fingerprint: first.fingerprint, text: first.text },
    callSites: placesOf(group),
    evidence: {
      text:
        `${group.length === 1 ? 'The same values' : `${countText(group.length)} sets of values`}, the same rows, and no write to ` +
        `${tableNames(first)} in ${durationText(lastSeen - firstSeen)}. A cache would have saved ${counted(units - group.length, 'statement')} and ${durationText(saved)}.`,
      facts: {
        calls: units,
        distinctValues: group.length,
        windowMs: Math.round(lastSeen - firstSeen),
        savedStatements: units - group.length,
        savedMs: rounded(saved),
      },
    },
    cost: { statements: 1, rows: first.rows, timeMs: saved / units },
    advice: cachingAdvice(group, all, ttlFor(lastSeen - firstSeen)),
  };
  return { id: findingId(finding), finding, firstSeen, lastSeen, occurrences: units, traceIds: [] };
}

/** A tenth of the time in which nothing changed, from a second to five minutes. */
function ttlFor(unchangedMs: number): number {
  return Math.min(300_000, Math.max(1_000, Math.floor(unchangedMs / 10_000) * 1_000));
}

function tableNames({ tables }: RepeatedRead): string {
  return [...new Set(tables.map(plainName))].join(', ');
}

function placesOf(group: readonly RepeatedRead[]): Finding['callSites'] {
  const places: RepeatedRead['callSites'][number][] = [];
  for (const { callSites } of group) for (const site of callSites) addCallSite(places, site);
  return places;
}
