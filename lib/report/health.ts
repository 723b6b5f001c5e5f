import type { PoolGauge } from '../record/pool-gauge.js';
import type { RecentFigures, RecentLookups } from '../statistics/recent-window.js';
import { durationText } from '../statistics/duration-text.js';

/** `degraded`: it works, and something is wrong. */
export type HealthStatus = 'up' | 'degraded' | 'down';

/** When a data source is not `up` any more. */
export interface HealthLimits {
  /** Wait for a connection, in milliseconds. @defaultValue 1000 */
  readonly maxPoolWaitMs: number;
  /** Statements of the last minute that failed, 0 to 1. @defaultValue 0.1 */
  readonly maxErrorRatio: number;
  /** Statements of the last minute slower than `thresholds.slowQueryMs`, 0 to 1. @defaultValue 0.25 */
  readonly maxSlowRatio: number;
  /** 95th percentile of the execution time over the last minute, in milliseconds. @defaultValue 1000 */
  readonly maxQueryP95Ms: number;
  /** Look-ups of the last minute that were found in a cache, 0 to 1; 0: caches are not judged. @defaultValue 0 */
  readonly minCacheHitRatio: number;
}

export const DEFAULT_HEALTH_LIMITS: HealthLimits = {
  maxPoolWaitMs: 1_000,
  maxErrorRatio: 0.1,
  maxSlowRatio: 0.25,
  maxQueryP95Ms: 1_000,
  minCacheHitRatio: 0,
};

/** How a server answered. `skipped`: its pool had no room for one more connection, or cannot be seen. */
export interface Ping {
  readonly outcome: 'answered' | 'failed' | 'timeout' | 'skipped';
  readonly durationMs?: number;
  /** The driver's code or error class; never its message. */
  readonly error?: string;
}

/** One pool, as it was found. */
export interface PoolHealth extends PoolGauge {
  readonly ping: Ping;
}

/** What is known of one data source at one moment. */
export interface HealthFacts {
  readonly name: string;
  /** It has been initialised and not been destroyed. */
  readonly isOpen: boolean;
  readonly pools: readonly PoolHealth[];
  /** For each request that waits for a connection now: since when, in milliseconds. */
  readonly waitingMs: readonly number[];
  /** Since a connection was handed over or given back, in milliseconds. */
  readonly sinceProgressMs?: number;
  readonly recent?: RecentFigures;
  readonly lookups: RecentLookups;
}

/** The answer about one data source. */
export interface DataSourceHealth {
  readonly name: string;
  readonly status: HealthStatus;
  /** Why it is not `up`. */
  readonly reasons: readonly string[];
  readonly pools: readonly PoolHealth[];
  readonly recent?: RecentFigures;
  readonly cacheHitRatio?: number;
}

/** A share of fewer says nothing. */
const MIN_COUNT = 20;

/** Judges one data source. Pure: everything that it needs to know is in the facts. */
export function judgeHealth(facts: HealthFacts, limits: HealthLimits): DataSourceHealth {
  const down = [...closed(facts), ...unreachable(facts), ...stuck(facts, limits)];
  const degraded = [...lostReplicas(facts), ...waiting(facts, limits), ...troubled(facts, limits)];
  const { name, pools, recent, lookups } = facts;
  return {
    name,
    status: down.length > 0 ? 'down' : degraded.length > 0 ? 'degraded' : 'up',
    reasons: [...down, ...degraded],
    pools,
    ...(recent === undefined ? {} : { recent }),
    ...(lookups.lookups === 0 ? {} : { cacheHitRatio: lookups.hits / lookups.lookups }),
  };
}

function closed({ isOpen, name }: HealthFacts): readonly string[] {
  return isOpen ? [] : [`the data source ${name} is not open`];
}

function unreachable({ pools }: HealthFacts): readonly string[] {
  const replicas = pools.filter(({ server }) => server === 'replica');
  const lost = replicas.filter(isLost);
  const primaries = pools.filter((pool) => pool.server === 'primary' && isLost(pool));
  return [
    ...primaries.map(lostText),
    ...(lost.length > 0 && lost.length === replicas.length
      ? ['no replica answers, and reads go to replicas']
      : []),
  ];
}

/** Everybody waits and nothing moves: leaked connections, hanging statements, a pool that waits for itself. */
function stuck(facts: HealthFacts, { maxPoolWaitMs }: HealthLimits): readonly string[] {
  const { waitingMs, sinceProgressMs = 0 } = facts;
  const longest = Math.max(0, ...waitingMs);
  if (longest < maxPoolWaitMs || sinceProgressMs < maxPoolWaitMs) return [];
  return [
    `the pool is exhausted: ${String(waitingMs.length)} waiting, and no connection has come free for ${durationText(sinceProgressMs)}`,
  ];
}

function lostReplicas({ pools }: HealthFacts): readonly string[] {
  return pools.filter((pool) => pool.server === 'replica' && isLost(pool)).map(lostText);
}

function waiting({ waitingMs, recent }: HealthFacts, { maxPoolWaitMs }: HealthLimits): readonly string[] {
  const longest = Math.max(0, ...waitingMs);
  if (longest >= maxPoolWaitMs)
    return [`a request has been waiting for a connection for ${durationText(longest)}`];
  const past = recent?.maxWaitMs ?? 0;
  return past > maxPoolWaitMs ? [`a request waited ${durationText(past)} for a connection`] : [];
}

function troubled({ recent, lookups }: HealthFacts, limits: HealthLimits): readonly string[] {
  const reasons: string[] = [];
  if (recent !== undefined && recent.statements >= MIN_COUNT) {
    const errors = recent.errors / recent.statements;
    const slow = recent.slow / recent.statements;
    if (errors > limits.maxErrorRatio) reasons.push(`${percent(errors)} of the statements failed`);
    if (slow > limits.maxSlowRatio) reasons.push(`${percent(slow)} of the statements were slow`);
    if (recent.p95Ms > limits.maxQueryP95Ms)
      reasons.push(`statements take ${durationText(recent.p95Ms)} at the 95th percentile`);
  }
  const hits = lookups.lookups === 0 ? 1 : lookups.hits / lookups.lookups;
  if (lookups.lookups >= MIN_COUNT && hits < limits.minCacheHitRatio)
    reasons.push(`caches answered ${percent(hits)} of the look-ups`);
  return reasons;
}

function isLost({ ping }: PoolHealth): boolean {
  return ping.outcome === 'failed' || ping.outcome === 'timeout';
}

function lostText({ name, ping }: PoolHealth): string {
  return ping.outcome === 'timeout'
    ? `the ${name} did not answer within ${durationText(ping.durationMs ?? 0)}`
    : `the ${name} cannot be reached: ${ping.error ?? 'unknown'}`;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}
