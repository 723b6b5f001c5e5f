import { describeCallSite, distinctCallSites, type CallSite } from '../../record/call-site.js';
import type { ConnectionRequest, PoolUse, PoolUser } from '../../record/pool-use.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { timeText } from '../time-text.js';
import { sumOf } from '../totals.js';

/** Holders that are named. */
const MAX_HOLDERS = 3;

/** A unit that waited because all connections of the pool were with others, or with itself. Waiting for a connection to open does not count. */
export const detectPoolWait: Detector = (unit, thresholds) =>
  unit.unit.pools.flatMap((all) => {
    const ofCache = requestsOfResultCache(all, unit);
    const use = {
      ...all,
      requests: all.requests.filter(
        (request) => !isOwnQueue(request) && !(ofCache.has(request) && request.error !== undefined),
      ),
    };
    const waitMs = waitedMs(use.requests);
    const isRefused = use.requests.some(({ error }) => error !== undefined);
    const isLong = waitMs >= thresholds.poolWaitMs;
    const isOfPool = use.requests.some(({ holders, own }) => holders.length > 0 || own > 0);
    return isOfPool && (isLong || isRefused)
      ? [
          finding(
            use,
            waitMs,
            unit,
            use.requests.some((request) => ofCache.has(request)),
          ),
        ]
      : [];
  });

/**
 * Statements that a unit starts side by side on a pool of one connection run one after the other, as they would if it
 * awaited each: nobody is in the way, and there is nothing to win. A second connection within a transaction never comes.
 */
function isOwnQueue({ size, own, ownInTransaction, error }: ConnectionRequest): boolean {
  return size === 1 && own === 1 && ownInTransaction === 0 && error === undefined;
}

/**
 * Those of TypeORM's database cache, which stores on a second connection while its query holds the first. One that is
 * refused is told as a failure of the cache.
 */
function requestsOfResultCache(use: PoolUse, unit: AnalysedUnit): ReadonlySet<ConnectionRequest> {
  const starts = unit.queries
    .filter(({ record }) => record.isOfResultCache === true && record.dataSource === use.dataSource)
    .map(({ record }) => record.startMs);
  return new Set(
    use.requests.filter((request) => request.own > 0 && starts.some((startMs) => isOf(startMs, [request]))),
  );
}

const RESULT_CACHE_ADVICE: Finding['advice'] = {
  text: "TypeORM's database cache asked for a second connection, to store a result, while its query held one: when all do so at once, none goes on. Keep results outside of the database.",
  code: "import { queryLensResultCache } from 'nestjs-query-lens/cache';\n\ncache: { provider: queryLensResultCache(cache) },",
};

/** Time in which at least one request waited: requests side by side wait once. */
function waitedMs(requests: readonly ConnectionRequest[]): number {
  let [waited, until] = [0, -Infinity];
  for (const { startMs, waitMs } of [...requests].sort((a, b) => a.startMs - b.startMs)) {
    waited += Math.max(0, startMs + waitMs - Math.max(until, startMs));
    until = Math.max(until, startMs + waitMs);
  }
  return waited;
}

function finding(use: PoolUse, waitMs: number, unit: AnalysedUnit, isOfCache: boolean): Finding {
  const { dataSource, server, requests } = use;
  const worst = requests.reduce((most, other) => (other.waitMs > most.waitMs ? other : most));
  const refused = requests.filter(({ error }) => error !== undefined).length;
  const queries = unit.queries.filter(
    ({ record }) => record.dataSource === dataSource && record.waitMs > 0 && isOf(record.startMs, requests),
  );
  const holders = worst.holders.slice(0, MAX_HOLDERS).map(holderText).join('; ');
  const made = makeFinding(unit, {
    kind: 'pool-wait',
    severity: refused > 0 ? 'error' : 'warning',
    title:
      refused > 0
        ? `${refused === 1 ? 'A request' : `${refused} requests`} for a connection got none after ${timeText(worst.waitMs)}`
        : `Waited ${timeText(waitMs)} for a connection`,
    queries,
    callSites: sitesOf(requests),
    evidence: {
      text:
        `${requests.length === 1 ? 'One request' : `${requests.length} requests`} waited while every connection of the ${server} was taken` +
        (holders === '' ? '.' : `: ${holders}.`),
      facts: {
        requests: requests.length,
        refused,
        waitMs: Math.round(waitMs),
        longestMs: Math.round(worst.waitMs),
        own: Math.max(...requests.map(({ own }) => own)),
        server,
      },
    },
    advice: isOfCache ? RESULT_CACHE_ADVICE : adviceFor(requests, worst),
  });
  return { ...made, dataSource, server, cost: { ...made.cost, timeMs: Math.round(waitMs) } };
}

function adviceFor(requests: readonly ConnectionRequest[], worst: ConnectionRequest): Finding['advice'] {
  if (requests.some(({ ownInTransaction }) => ownInTransaction > 0))
    return {
      text: 'It waited for a second connection while its own transaction held one: when all do so at once, none goes on. Use the manager of the transaction for everything inside of it.',
      code: 'await dataSource.transaction(async (manager) => {\n  await manager.getRepository(Author).find()\n})',
    };
  const connections = sumOf(worst.holders, (holder) => holder.connections);
  if (worst.own > 0 && worst.own * 2 >= connections)
    return {
      text: 'It holds most of the connections itself, because it starts many statements at once: ask for all with one statement (In), or start a few at a time. A larger pool would only move the queue into the database.',
    };
  if (sumOf(worst.holders, (holder) => holder.idle) * 2 >= Math.max(1, connections))
    return {
      text: 'Most connections were held without a statement running on them: shorten those transactions, and release every query runner. A larger pool would be held the same way.',
    };
  return {
    text: 'Make what held the connections faster first. Raise the size of the pool only where the database has processors and connections to spare.',
  };
}

/** `4 connections by GET /reports (reports.service.ts:12 in ReportsService.build), up to 840 ms, 2 without a statement` */
function holderText({ unit, callSite, connections, heldMs, idle }: PoolUser): string {
  const site = callSite === undefined ? '' : ` (${describeCallSite(callSite)})`;
  const without = idle === 0 ? '' : `, ${idle === connections ? '' : `${idle} `}without a statement`;
  return `${connections === 1 ? 'one' : connections} by ${unit}${site} for up to ${timeText(heldMs)}${without}`;
}

function isOf(startMs: number, requests: readonly ConnectionRequest[]): boolean {
  return requests.some((request) => Math.abs(request.startMs - startMs) < 1);
}

function sitesOf(requests: readonly ConnectionRequest[]): readonly CallSite[] {
  return distinctCallSites(requests.flatMap(({ callSite }) => callSite ?? []));
}
