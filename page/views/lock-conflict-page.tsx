import type { LockConflictReport } from '../../lib/report/transaction-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { Mark } from '../parts/badges.js';
import { CallSites } from '../parts/call-sites.js';
import { Sql } from '../parts/code.js';
import { Facts, Figures } from '../parts/facts.js';
import { clockText } from '../parts/time-text.js';
import { ViewHead } from '../parts/view-head.js';
import { RouteList } from '../parts/route-list.js';

const WHAT: Readonly<Record<LockConflictReport['conflict'], string>> = {
  deadlock:
    'Two transactions waited for each other; the database ended this one. Lock rows in the same order everywhere, and retry.',
  'serialization-failure':
    'Another transaction changed what this one had read; the database ended this one. Retry the whole transaction.',
  'lock-timeout':
    'The lock was not free in time: another transaction held it. Look for the one that lasts long.',
};

/** One statement shape that lost a lock, and what to do about it. */
export function LockConflictPage({ conflict: row }: { readonly conflict: LockConflictReport }) {
  const { conflict, code, dataSource, fingerprint, statement, tables, count, lostMs, routes } = row;
  return (
    <article>
      <ViewHead
        title={
          <>
            <Mark state="warning" /> <span class="kind">{conflict}</span> {statementName(statement)}
          </>
        }
        about={WHAT[conflict]}
        json="lock-conflicts"
        back={{ href: '#/lock-conflicts', text: 'Lock conflicts' }}
      />
      <Figures
        facts={[
          { name: count === 1 ? 'time' : 'times', value: countText(count) },
          { name: 'lost, all together', value: durationText(lostMs) },
          { name: 'code', value: code },
        ]}
      />
      <Sql text={statement} />
      <Facts
        facts={[
          { name: 'Tables', value: tables.join(', ') },
          { name: 'Data source', value: dataSource },
          {
            name: 'Routes',
            value: <RouteList routes={routes} />,
          },
          { name: 'Where', value: <CallSites sites={row.callSites} /> },
          { name: 'When', value: `${clockText(row.firstSeen)} to ${clockText(row.lastSeen)}` },
          { name: 'Figures', value: <a href={hashOf('slow-queries', fingerprint)}>of the statement</a> },
        ]}
      />
      <p>
        <a href="#/transactions">Transactions</a> lists what stays open for long.
      </p>
    </article>
  );
}
