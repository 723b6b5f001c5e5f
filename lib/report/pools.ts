import type { PoolSnapshot } from '../record/pool-snapshot.js';
import type { PoolUser, Saturation } from '../record/pool-use.js';
import { PoolStatistics } from '../statistics/pool-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { PoolReport, SaturationReport } from './pool-report.js';
import { rounded } from '../record/rounded.js';
import { roundedPercentiles } from './rounded.js';

/** By data source name: what its pools look like now. */
export type PoolSnapshots = ReadonlyMap<string, PoolSnapshot>;

const SERVERS = ['primary', 'replica'] as const;

/** One for each data source and kind of server that has, or had, a pool. */
export function poolReports(statistics: Statistics, snapshots: PoolSnapshots): readonly PoolReport[] {
  const names = new Set([
    ...snapshots.keys(),
    ...[...statistics.pools.values()].map(({ dataSource }) => dataSource),
  ]);
  return [...names].flatMap((dataSource) =>
    SERVERS.flatMap((server) => {
      const known = [...statistics.pools.values()].find(
        (entry) => entry.dataSource === dataSource && entry.server === server,
      );
      const snapshot = snapshots.get(dataSource);
      const isThere = snapshot?.gauges.some((gauge) => gauge.server === server) === true;
      if (known === undefined && !isThere) return [];
      return [poolReport(known ?? new PoolStatistics({ dataSource, server }), snapshot)];
    }),
  );
}

function poolReport(entry: PoolStatistics, snapshot: PoolSnapshot | undefined): PoolReport {
  const { dataSource, server, waitMs } = entry;
  const gauges = (snapshot?.gauges ?? []).filter((gauge) => gauge.server === server);
  const idle = (snapshot?.idle ?? []).filter((one) => one.server === server && !one.isOnPurpose);
  return {
    dataSource,
    server,
    now: gauges.map(({ server: _, ...gauge }) => gauge),
    holders: (snapshot?.holders[server] ?? []).map(poolUser),
    connections: waitMs.count,
    waitMs: roundedPercentiles(waitMs.percentiles()),
    waited: entry.waited,
    refused: entry.refused.map(({ code, count }) => ({ code, count })),
    saturation: {
      episodes: entry.saturations,
      totalMs: rounded(entry.saturatedMs),
      longestMs: rounded(entry.longestMs),
      recent: entry.recent.map(saturationReport),
    },
    leakSuspects: idle.map(({ server: _server, isOnPurpose: _isOnPurpose, ...one }) => ({
      ...one,
      heldMs: rounded(one.heldMs),
      idleMs: rounded(one.idleMs),
    })),
  };
}

function saturationReport({
  startedAt,
  durationMs,
  holders,
  waiters,
  ...counts
}: Saturation): SaturationReport {
  return {
    startedAt: new Date(startedAt).toISOString(),
    durationMs: rounded(durationMs),
    ...counts,
    holders: holders.map(poolUser),
    waiters: waiters.map(poolUser),
  };
}

function poolUser(user: PoolUser): PoolUser {
  return { ...user, heldMs: rounded(user.heldMs) };
}
