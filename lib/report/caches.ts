import type { CacheStatistics } from '../statistics/cache-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { CacheReport } from './cache-report.js';
import { rounded } from '../record/rounded.js';
import { roundedPercentiles } from './rounded.js';

/** Patterns of cache keys by the time they saved, greatest first; then by their look-ups. */
export function cacheReports({ caches }: Statistics): readonly CacheReport[] {
  return [...caches.patterns.values()]
    .map(cacheReport)
    .sort(
      (a, b) => b.saved.timeMs - a.saved.timeMs || b.lookUps - a.lookUps || (a.pattern < b.pattern ? -1 : 1),
    );
}

function cacheReport(entry: CacheStatistics): CacheReport {
  const { cache, pattern, counts, entries, bytes, ttlMs, betweenUsesMs } = entry;
  return {
    cache,
    pattern,
    via: [...entry.via].sort(),
    lookUps: entry.lookUps,
    hitRatio: rounded(entry.hitRatio),
    ...counts,
    tiers: Object.fromEntries(entry.tiers),
    hitMs: roundedPercentiles(entry.hitMs.percentiles()),
    missMs: roundedPercentiles(entry.missMs.percentiles()),
    computations: {
      count: entry.computeMs.count,
      statements: rounded(entry.statements),
      databaseMs: rounded(entry.databaseMs),
      timeMs: roundedPercentiles(entry.computeMs.percentiles()),
    },
    saved: saved(entry),
    ...(bytes.count === 0 ? {} : { bytes: { mean: Math.round(bytes.mean), max: bytes.max } }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(betweenUsesMs.count === 0 ? {} : { betweenUsesMs: rounded(betweenUsesMs.quantile(0.5)) }),
    entries: { stored: entries.stored, neverFound: entries.stored - entries.found, expired: entries.expired },
    stampedes: { count: entries.stampedes, needless: entries.needless, worst: entries.worst },
    staleReads: staleReads(entry),
    overTime: entry.overTime
      .buckets()
      .map(({ from, lookUps, hits }) => ({ from: new Date(from).toISOString(), lookUps, hits })),
    routes: entry.routesByCount(),
  };
}

/**
 * What the hits would have cost: each the mean computation of this pattern, less the look-up itself. Who waited for the
 * computation of another saved its statements, and no time.
 */
function saved(entry: CacheStatistics): CacheReport['saved'] {
  const { computeMs, statements, answered, counts, hitMs } = entry;
  if (computeMs.count === 0) return { statements: 0, timeMs: 0 };
  return {
    statements: Math.round((answered + counts.coalesced) * (statements / computeMs.count)),
    timeMs: rounded(answered * Math.max(0, computeMs.mean - hitMs.mean)),
  };
}

function staleReads({ staleReads: { hits, maxAgeMs, write } }: CacheStatistics): CacheReport['staleReads'] {
  return {
    hits,
    maxAgeMs: rounded(maxAgeMs),
    ...(write === undefined ? {} : { table: write.table, writtenBy: write.route }),
  };
}
