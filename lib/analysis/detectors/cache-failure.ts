import type { CacheRecord } from '../../record/cache-record.js';
import type { Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { groupBy, sumOf } from '../totals.js';

/** The store of a cache failed. Caches swallow that: the caller sees a miss, and everything goes to the database. */
export const detectCacheFailure: Detector = (unit) => {
  const failed = unit.unit.caches.filter(({ error }) => error !== undefined);
  const groups = groupBy(failed, ({ cache, error }) => `${cache}|${error?.type}|${error?.code}`);
  return [...groups.values()].map((group) => ({
    ...makeFinding(unit, observationOf(group)),
    cacheKey: cacheKeyOf(group),
    cost: { statements: 0, rows: 0, timeMs: sumOf(group, ({ durationMs }) => durationMs) },
  }));
};

function observationOf(
  group: readonly CacheRecord[],
): Pick<Finding, 'kind' | 'severity' | 'title' | 'evidence' | 'advice'> & { readonly queries: readonly [] } {
  const [first] = group as [CacheRecord];
  const isThrown = group.some(({ error }) => error?.isThrown === true);
  const { type = 'Error', code } = first.error ?? {};
  const operations = [...new Set(group.map(({ operation }) => operation))].join(', ');
  const isPool = isWaitingForItself(first);
  return {
    kind: 'cache-failure',
    severity: isThrown ? 'error' : 'warning',
    title: isPool
      ? `TypeORM's result cache waited for a connection while its own query held one (${first.cache})`
      : `The store of the cache ${first.cache} failed ${times(group.length)} (${code ?? type})`,
    queries: [],
    evidence: {
      text: `${whoSawIt(isThrown, operations)}: ${operations}, ${code ?? type}.`,
      facts: { calls: group.length, type, ...(code === undefined ? {} : { code }), operations, isThrown },
    },
    advice: isPool ? POOL_ADVICE : storeAdvice(first),
  };
}

/**
 * TypeORM's database cache reads on the connection of the query and stores on a second one, opened while the first is
 * still held: with N misses at once on a pool of N, all of them wait for each other.
 */
function isWaitingForItself({ via, tier, outcome, error }: CacheRecord): boolean {
  const isWait = /timeout|timed out|pool|connect/i.test(error?.message ?? '');
  return via === 'typeorm' && tier === 'database' && outcome === 'failure' && isWait;
}

function whoSawIt(isThrown: boolean, operations: string): string {
  if (isThrown) return 'The caller got the error';
  // No access of its own: the client of the store told it.
  return operations === 'connection'
    ? 'The connection to the store failed'
    : 'The error was swallowed, the caller saw a miss';
}

/** node-redis, when its queue is off and there is no connection: it fails at once, as it should. */
const FAILED_AT_ONCE = 'ClientOfflineError';

const IN_TYPEORM: Readonly<Record<string, string>> = {
  redis: "cache: { type: 'redis', options: { url, disableOfflineQueue: true }, ignoreErrors: true }",
  ioredis: "cache: { type: 'ioredis', options: { maxRetriesPerRequest: 1 }, ignoreErrors: true }",
};

/** Redis clients keep commands until they are connected again, and with them the requests; no timeout ends that. */
function storeAdvice({ error, tier = '' }: CacheRecord): Finding['advice'] {
  const text =
    'Every look-up goes to the database while the store does not answer: look at its health, its memory and its ' +
    'connection limit';
  if (error?.type === FAILED_AT_ONCE) return { text: `${text}.` };
  return {
    text: `${text}. Let commands fail at once while there is no connection; otherwise requests wait until the store is back.`,
    code:
      IN_TYPEORM[tier] ??
      '// with @keyv/redis:\nnew KeyvRedis({ url, disableOfflineQueue: true }, { throwOnConnectError: false })',
  };
}

const POOL_ADVICE: Finding['advice'] = {
  text:
    "TypeORM's database cache holds the connection of the query while it asks the pool for another one to store the " +
    'result on. Keep results outside of the database, or make the pool larger than the number of concurrent misses.',
  code: "import { queryLensResultCache } from 'nestjs-query-lens/cache';\n\ncache: { provider: queryLensResultCache(cache) },",
};

function times(count: number): string {
  return count === 1 ? 'once' : `${String(count)} times`;
}

function cacheKeyOf(group: readonly CacheRecord[]): string {
  const patterns = [...new Set(group.map(({ pattern }) => pattern))];
  const [cache = ''] = group.map((record) => record.cache);
  return patterns.length === 1 && patterns[0] !== '' ? `${cache} ${patterns[0] ?? ''}` : cache;
}
