import { rounded } from '../record/rounded.js';
import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import type { CacheStatistics } from './cache-statistics.js';
import { counted, countText } from './count-text.js';
import { durationText } from './duration-text.js';
import { findingId } from './finding-place.js';
import type { SeenFinding } from './slow-query-findings.js';
import type { Statistics } from './statistics.js';

/** What only many units show of a cache: computations side by side, and entries that nobody finds. */
export function cacheFindings(statistics: Statistics, thresholds: Thresholds): readonly SeenFinding[] {
  return [...statistics.caches.patterns.values()].flatMap((entry) => [
    ...stampede(entry),
    ...ineffective(entry, thresholds),
  ]);
}

function stampede(entry: CacheStatistics): readonly SeenFinding[] {
  const { stampedes, needless, worst } = entry.entries;
  if (stampedes === 0) return [];
  const { meanMs, meanStatements } = means(entry);
  const computeText = `${durationText(meanMs)} and ${counted(meanStatements, 'statement')} each`;
  return [
    seenFinding(entry, stampedes, {
      ...base(entry),
      kind: 'cache-stampede',
      severity: 'warning',
      title: `${subject(entry)} was computed ${countText(worst)} times at once`,
      evidence: {
        text: `${counted(needless, 'computation')} began while another one of the same key was under way, ${computeText}; at worst ${countText(worst)} side by side.`,
        facts: { calls: needless + stampedes, stampedes, needless, worst },
      },
      cost: {
        statements: Math.round((needless * meanStatements) / stampedes),
        rows: 0,
        timeMs: (needless * meanMs) / stampedes,
      },
      advice: {
        text: 'Let one caller compute and the others wait for it.',
        code: entry.via.has('interceptor')
          ? "import { QueryLensCacheInterceptor } from 'nestjs-query-lens/cache';\n\n@UseInterceptors(QueryLensCacheInterceptor)"
          : `cache.wrap(${keyCode(entry)}, () => compute(), ${String(entry.ttlMs ?? 30_000)})`,
      },
    }),
  ];
}

/** Times that an expired entry must have been asked for before its TTL is called short. */
const MIN_EXPIRED = 10;

function ineffective(entry: CacheStatistics, thresholds: Thresholds): readonly SeenFinding[] {
  const reason = reasonOf(entry, thresholds);
  if (reason === undefined) return [];
  const { lookUps, counts, entries, hitRatio, betweenUsesMs } = entry;
  return [
    seenFinding(entry, 1, {
      ...base(entry),
      kind: 'cache-ineffective',
      severity: 'warning',
      title: `${subject(entry)} ${reason.title}`,
      evidence: {
        text: reason.text,
        facts: {
          calls: lookUps,
          hitRatio: rounded(hitRatio),
          sets: counts.sets,
          expired: entries.expired,
          ...(entry.ttlMs === undefined ? {} : { ttlMs: entry.ttlMs }),
          betweenUsesMs: Math.round(betweenUsesMs.quantile(0.5)),
        },
      },
      cost: {
        statements: 0,
        rows: 0,
        timeMs: entry.missMs.sum,
      },
      advice: reason.advice,
    }),
  ];
}

interface Reason {
  readonly title: string;
  readonly text: string;
  readonly advice: Finding['advice'];
}

function reasonOf(entry: CacheStatistics, thresholds: Thresholds): Reason | undefined {
  const { lookUps, answered, counts, entries, ttlMs = 0, betweenUsesMs, hitRatio } = entry;
  const between = betweenUsesMs.quantile(0.5);
  // While the store is down nothing can be found: that is another finding.
  if (counts.failures * 2 >= lookUps + counts.sets) return undefined;
  if (entries.expired >= MIN_EXPIRED && entries.expired > answered && between > ttlMs && ttlMs > 0) {
    const wanted = niceMs(betweenUsesMs.quantile(0.95));
    return {
      title: `expires before it is used again`,
      text: `Its entries live ${durationText(ttlMs)}, and are asked for every ${durationText(between)}: ${counted(entries.expired, 'look-up')} came too late, ${countText(answered)} in time.`,
      advice: {
        text: `Let entries live longer, ${durationText(wanted)} or more, or take the cache away.`,
        code: entry.via.has('interceptor')
          ? `@CacheTTL(${String(wanted)})`
          : entry.via.has('typeorm')
            ? `cache: { id: ${keyCode(entry)}, milliseconds: ${String(wanted)} }`
            : `cache.set(${keyCode(entry)}, value, ${String(wanted)})`,
      },
    };
  }
  if (lookUps === 0 && counts.sets >= thresholds.minCacheLookUps)
    return {
      title: 'is written and never read',
      text: `${counted(counts.sets, 'value')} stored, none looked up.`,
      advice: { text: 'Take the writes away, or look in the cache before computing.' },
    };
  if (lookUps < thresholds.minCacheLookUps || hitRatio >= thresholds.minHitRatio) return undefined;
  return {
    title:
      answered === 0
        ? 'never hits'
        : `hits ${String(Math.round(hitRatio * 100))} % of ${counted(lookUps, 'look-up')}`,
    text:
      `${counted(answered, 'hit')} of ${counted(lookUps, 'look-up')}; ${counted(entries.expired, 'miss', 'misses')} of expired entries, ` +
      `${counted(counts.deletes, 'deletion')}.`,
    advice: {
      text:
        'Each look-up costs time and brings nothing. Leave out of the key what the value does not depend on, let entries ' +
        'live longer, or take the cache away.',
    },
  };
}

function base(entry: CacheStatistics): Pick<Finding, 'route' | 'dataSource' | 'cacheKey' | 'callSites'> {
  return {
    route: entry.routesByCount()[0] ?? '',
    dataSource: [...entry.dataSources][0] ?? 'default',
    cacheKey: `${entry.cache} ${entry.pattern}`,
    callSites: [],
  };
}

function seenFinding(entry: CacheStatistics, occurrences: number, finding: Finding): SeenFinding {
  const { firstSeen, lastSeen } = entry;
  return { id: findingId(finding), finding, firstSeen, lastSeen, occurrences, traceIds: [] };
}

function means({ computeMs, statements }: CacheStatistics): { meanMs: number; meanStatements: number } {
  return { meanMs: computeMs.mean, meanStatements: computeMs.count === 0 ? 0 : statements / computeMs.count };
}

function subject({ cache, pattern }: CacheStatistics): string {
  return cache === 'default' ? pattern : `${pattern} (${cache})`;
}

/** `author:*` as the template that it probably came from. */
function keyCode({ pattern }: CacheStatistics): string {
  const text = pattern.replace(/[`\\$]/g, '');
  return text.includes('*') ? `\`${text.replace(/\*/g, '${id}')}\`` : `'${text.replace(/'/g, '')}'`;
}

/** Rounded up to a figure that people write. */
function niceMs(ms: number): number {
  const unit = ms < 60_000 ? 1_000 : 60_000;
  return Math.ceil(ms / unit) * unit;
}
