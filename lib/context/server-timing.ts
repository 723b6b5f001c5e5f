import type { CacheRecord } from '../record/cache-record.js';
import type { QueryRecord } from '../record/query-record.js';

/** What a unit of work has done so far. */
export interface WorkSoFar {
  readonly queries: readonly QueryRecord[];
  readonly accesses: readonly CacheRecord[];
}

type Stretch = readonly [fromMs: number, toMs: number];

/**
 * The value of a `Server-Timing` header, which browsers show beside each request: `db;dur=38.2;desc="12 queries"` and, where
 * there was any, `cache` and the `wait` for a connection. Times side by side count once, so that they compare with the whole
 * response.
 *
 * @see https://www.w3.org/TR/server-timing/
 */
export function serverTiming({ queries, accesses }: WorkSoFar = { queries: [], accesses: [] }): string {
  const db = busyMs(
    queries.map(({ startMs, waitMs, executeMs }): Stretch => [
      startMs + waitMs,
      startMs + waitMs + executeMs,
    ]),
  );
  const wait = busyMs(queries.map(({ startMs, waitMs }): Stretch => [startMs, startMs + waitMs]));
  return [
    metric('db', db, queries.length === 1 ? '1 query' : `${String(queries.length)} queries`),
    ...(accesses.length === 0 ? [] : [metric('cache', busyMs(accesses.map(lookUp)), outcomes(accesses))]),
    ...(wait < LEAST_MS ? [] : [metric('wait', wait, 'for a connection')]),
  ].join(', ');
}

const LEAST_MS = 0.05;

function metric(name: string, ms: number, description: string): string {
  return `${name};dur=${String(Math.round(ms * 10) / 10)};desc="${description}"`;
}

/** What a missing value took to compute is no time of the cache. */
function lookUp({ startMs, durationMs, computation }: CacheRecord): Stretch {
  return [startMs, startMs + Math.max(0, durationMs - (computation?.durationMs ?? 0))];
}

function outcomes(accesses: readonly CacheRecord[]): string {
  const of = (wanted: CacheRecord['outcome']): number =>
    accesses.filter(({ outcome }) => outcome === wanted).length;
  const [hits, misses] = [of('hit'), of('miss')];
  return `${String(hits)} ${hits === 1 ? 'hit' : 'hits'}, ${String(misses)} ${misses === 1 ? 'miss' : 'misses'}`;
}

/** Milliseconds in which at least one of the stretches lasted. */
function busyMs(stretches: readonly Stretch[]): number {
  let [busy, until] = [0, -Infinity];
  for (const [from, to] of [...stretches].sort(([a], [b]) => a - b)) {
    busy += Math.max(0, to - Math.max(until, from));
    until = Math.max(until, to);
  }
  return busy;
}
