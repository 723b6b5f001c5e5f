import { describeCallSite } from '../../record/call-site.js';
import { countText, counted } from '../../statistics/count-text.js';
import { statementName } from '../../statistics/statement-name.js';
import { printable } from '../printable.js';
import type { ReplicaReadReport, ReplicationReport } from '../replication-report.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

const INDENT = span('    ');
/** Places that are named; the JSON report has more. */
const MAX_PLACES = 5;

/** Which server answered the reads of a data source with replicas, and which of them went to the wrong one. */
export function replicationLines(replication: readonly ReplicationReport[], width: number): readonly Line[] {
  return replication.flatMap(({ dataSource, reads, places }) => [
    [],
    ...fold(
      [
        span(
          `${printable(dataSource)}: ${counted(reads.replica, 'read')} on replicas, ${countText(reads.primary)} on the primary`,
        ),
      ],
      width,
      [INDENT],
    ),
    ...places
      .slice(0, MAX_PLACES)
      .flatMap((place) => fold([INDENT, span(printable(placeText(place)), 'faint')], width, [INDENT])),
    ...(places.length > MAX_PLACES
      ? [[INDENT, span(`… and ${countText(places.length - MAX_PLACES)} more, in the JSON report`, 'faint')]]
      : []),
  ]);
}

function placeText({ concern, route, statement, table, count, callSites }: ReplicaReadReport): string {
  const [site] = callSites;
  const where = `${statementName(statement)} ${route}${site === undefined ? '' : ` · ${describeCallSite(site)}`}`;
  return concern === 'primary-without-need'
    ? `${counted(count, 'read')} on the primary without need: ${where}`
    : `${counted(count, 'read')} on a replica right after a write to ${table ?? 'the same table'}, which it may not know yet: ${where}`;
}
