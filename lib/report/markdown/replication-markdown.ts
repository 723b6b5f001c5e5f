import { describeCallSite } from '../../record/call-site.js';
import { countText, counted } from '../../statistics/count-text.js';
import type { ReplicaReadReport, ReplicationReport } from '../replication-report.js';
import type { Report } from '../report.js';
import { inlineCode } from './markdown-text.js';

const MAX_PLACES = 20;

/** Which server answered the reads of data sources with replicas. */
export function replicationMarkdown({ replication }: Report): readonly string[] {
  if (replication.length === 0) return [];
  return ['## Replicas', ...replication.flatMap((row) => ['', ...lines(row)])];
}

function lines({ dataSource, reads, places }: ReplicationReport): readonly string[] {
  return [
    `${inlineCode(dataSource)}: ${counted(reads.replica, 'read')} on replicas, ${countText(reads.primary)} on the primary.`,
    ...(places.length === 0 ? [] : ['', ...places.slice(0, MAX_PLACES).map(placeLine)]),
    ...(places.length > MAX_PLACES
      ? [`- … and ${countText(places.length - MAX_PLACES)} more in the JSON report.`]
      : []),
  ];
}

function placeLine({ concern, route, statement, table, count, callSites }: ReplicaReadReport): string {
  const what =
    concern === 'primary-without-need'
      ? `${counted(count, 'read')} on the primary that a replica could have answered`
      : `${counted(count, 'read')} on a replica right after a write to ${inlineCode(table ?? '')}, which it may not know yet`;
  const site = callSites.slice(0, 1).map((place) => ` (${inlineCode(describeCallSite(place))})`);
  return `- ${what}: ${inlineCode(statement)} on ${inlineCode(route)}${site.join('')}`;
}
