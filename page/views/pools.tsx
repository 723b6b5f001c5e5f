import type { PoolUser } from '../../lib/record/pool-use.js';
import type { PoolReport, SaturationReport } from '../../lib/report/pool-report.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { describeCallSite } from '../../lib/record/call-site.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Figures } from '../parts/facts.js';
import { PoolGauges } from '../parts/pool-gauges.js';
import { Replication } from '../parts/replication.js';
import { clockText } from '../parts/time-text.js';
import { NotYet, ViewHead } from '../parts/view-head.js';

/** The connections of each data source: how many are free, who waits, who holds them. */
export function PoolsView() {
  const { data, error } = useLoaded<readonly PoolReport[]>('pools');
  return (
    <>
      <ViewHead
        title="Pools"
        about="Connections of each data source: in use, idle, and who had to wait for one of others."
        json="pools"
      />
      {data === undefined ? (
        <NotYet error={error} />
      ) : data.length === 0 ? (
        <p class="none">No data source has a pool, or none has been used yet.</p>
      ) : (
        <>
          {data.map((pool) => (
            <Pool key={`${pool.dataSource} ${pool.server}`} pool={pool} />
          ))}
          <Replication />
        </>
      )}
    </>
  );
}

function Pool({ pool }: { readonly pool: PoolReport }) {
  const { dataSource, server, now, waitMs, waited, connections, refused, saturation } = pool;
  const refusals = refused.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="record">
      <h2>
        {dataSource}
        {server === 'replica' && ' (replicas)'}
      </h2>
      <PoolGauges gauges={now} />
      <Figures
        facts={[
          { name: 'handed out', value: countText(connections) },
          { name: 'had to wait', value: countText(waited), ...(waited > 0 && { tone: 'warning' }) },
          { name: 'wait, p95', value: durationText(waitMs.p95) },
          { name: 'longest wait', value: durationText(waitMs.max) },
          { name: 'refused', value: countText(refusals), ...(refusals > 0 && { tone: 'error' }) },
          { name: 'times full', value: countText(saturation.episodes) },
          { name: 'full in all', value: durationText(saturation.totalMs) },
        ]}
      />
      <Leaks pool={pool} />
      <Users title="Who holds connections now" users={pool.holders} />
      {saturation.recent.map((episode) => (
        <Saturation key={episode.startedAt} episode={episode} />
      ))}
    </div>
  );
}

function Leaks({ pool: { leakSuspects } }: { readonly pool: PoolReport }) {
  if (leakSuspects.length === 0) return null;
  return (
    <>
      <h3>Held and not used</h3>
      <ul class="lines">
        {leakSuspects.map(({ unit, callSite, heldMs, idleMs, statements, isInTransaction }, at) => (
          <li key={at}>
            <Mark state="warning" />
            <strong>{unit}</strong>
            {callSite !== undefined && <code>{describeCallSite(callSite)}</code>}
            <span class="muted">
              held {durationText(heldMs)}, unused {durationText(idleMs)}, {counted(statements, 'statement')}
              {isInTransaction && ', in a transaction'}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Saturation({ episode }: { readonly episode: SaturationReport }) {
  const { startedAt, durationMs, requests, maxWaiting, refused, holders, waiters } = episode;
  return (
    <details>
      <summary>
        Full at {clockText(startedAt)} for {durationText(durationMs)}: {counted(requests, 'request')} waited,{' '}
        {countText(maxWaiting)} at once{refused > 0 && `, ${countText(refused)} refused`}
      </summary>
      <Users title="Held the connections" users={holders} />
      <Users title="Waited" users={waiters} />
    </details>
  );
}

function Users({ title, users }: { readonly title: string; readonly users: readonly PoolUser[] }) {
  if (users.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="lines">
        {users.map(({ unit, callSite, connections, heldMs, idle, inTransaction }, at) => (
          <li key={at}>
            <strong>{unit}</strong>
            {callSite !== undefined && <code>{describeCallSite(callSite)}</code>}
            <span class="muted">
              {counted(connections, 'connection')}, {durationText(heldMs)} at most
              {idle > 0 && `, ${countText(idle)} without a statement`}
              {inTransaction > 0 && `, ${countText(inTransaction)} in a transaction`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
