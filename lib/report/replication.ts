import { sumOf } from '../analysis/totals.js';
import type { ReplicaConcern } from '../statistics/replica-read.js';
import type { ReplicaReadStatistics } from '../statistics/replica-reads.js';
import type { Statistics } from '../statistics/statistics.js';
import type { ReplicaReadReport, ReplicationReport } from './replication-report.js';

/** Places that the report lists of each data source. */
const MAX_PLACES = 50;

/** One for each data source that has replicas and was read from. */
export function replicationReports({ replicaReads }: Statistics): readonly ReplicationReport[] {
  return [...replicaReads.reads.values()].map(({ dataSource, primary, replica }) => {
    const places = [...replicaReads.places.values()].filter(({ of }) => of.dataSource === dataSource);
    const sum = (concern: ReplicaConcern): number =>
      sumOf(places, ({ of, count }) => (of.concern === concern ? count : 0));
    return {
      dataSource,
      reads: { primary, replica },
      primaryWithoutNeed: sum('primary-without-need'),
      replicaAfterWrite: sum('replica-after-write'),
      places: places
        .sort((a, b) => b.count - a.count)
        .slice(0, MAX_PLACES)
        .map(placeReport),
    };
  });
}

function placeReport({
  of,
  statement,
  count,
  lastSeen,
  callSites,
}: ReplicaReadStatistics): ReplicaReadReport {
  const { concern, route, fingerprint, table } = of;
  return {
    concern,
    route,
    fingerprint,
    statement,
    ...(table === undefined ? {} : { table }),
    count,
    lastSeen: new Date(lastSeen).toISOString(),
    callSites: [...callSites],
  };
}
