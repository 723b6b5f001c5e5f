import { describeCallSite } from '../../lib/record/call-site.js';
import type { ReplicaReadReport, ReplicationReport } from '../../lib/report/replication-report.js';
import { countText, counted } from '../../lib/statistics/count-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from './badges.js';
import { Figures } from './facts.js';

const WHAT: Readonly<Record<ReplicaReadReport['concern'], string>> = {
  'primary-without-need': 'on the primary, a replica could have answered',
  'replica-after-write': 'on a replica right after a write, which it may not know yet',
};

/** Which server answered the reads of data sources with replicas; nothing where there are none. */
export function Replication() {
  const { data = [] } = useLoaded<readonly ReplicationReport[]>('replication');
  return (
    <>
      {data.map((row) => (
        <ReadsOf key={row.dataSource} row={row} />
      ))}
    </>
  );
}

function ReadsOf({ row }: { readonly row: ReplicationReport }) {
  const { dataSource, reads, primaryWithoutNeed, replicaAfterWrite, places } = row;
  return (
    <div class="record">
      <h2>Reads of {dataSource}</h2>
      <Figures
        facts={[
          { name: 'on replicas', value: countText(reads.replica) },
          { name: 'on the primary', value: countText(reads.primary) },
          { name: 'of these without need', value: countText(primaryWithoutNeed) },
          {
            name: 'on replicas after a write',
            value: countText(replicaAfterWrite),
            ...(replicaAfterWrite > 0 && { tone: 'warning' }),
          },
        ]}
      />
      <ul class="lines">
        {places.map(({ concern, route, fingerprint, statement, table, count, callSites }) => (
          <li key={`${concern} ${route} ${fingerprint}`}>
            <Mark state={concern === 'replica-after-write' ? 'warning' : 'info'} />
            <a href={hashOf('slow-queries', fingerprint)}>{statementName(statement)}</a>
            <a href={hashOf('routes', route)}>{route}</a>
            {callSites.slice(0, 1).map((site) => (
              <code key="site">{describeCallSite(site)}</code>
            ))}
            <span class="muted">
              {counted(count, 'read')} {WHAT[concern]}
              {table !== undefined && ` (${table})`}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
