import type { LockConflictReport } from '../../lib/report/transaction-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { List, type Column } from '../parts/list.js';
import { clockText } from '../parts/time-text.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { LockConflictPage } from './lock-conflict-page.js';

const COLUMNS: readonly Column<LockConflictReport>[] = [
  {
    name: 'statement',
    title: 'Statement',
    isText: true,
    width: 'minmax(14rem, 2fr)',
    cell: ({ statement }) => (
      <>
        <Mark state="warning" /> {statementName(statement)}
      </>
    ),
    value: ({ statement }) => statementName(statement),
  },
  {
    name: 'conflict',
    title: 'Lost',
    isText: true,
    width: 'minmax(9rem, 1fr)',
    cell: ({ conflict, code }) => `${conflict} ${code}`,
    value: ({ conflict }) => conflict,
  },
  {
    name: 'count',
    title: 'Times',
    cell: ({ count }) => countText(count),
    value: ({ count }) => count,
    after: ({ count }) => (count === 1 ? 'time' : 'times'),
  },
  {
    name: 'lost',
    title: 'Time lost',
    cell: ({ lostMs }) => durationText(lostMs),
    value: ({ lostMs }) => lostMs,
    after: () => 'lost',
  },
  {
    name: 'last',
    title: 'Last',
    width: '7rem',
    cell: ({ lastSeen }) => clockText(lastSeen),
    value: ({ lastSeen }) => lastSeen,
  },
];

/** Unique among the conflicts of a report. */
function keyOf({ conflict, code, dataSource, fingerprint }: LockConflictReport): string {
  return [conflict, code, dataSource, fingerprint].join('|');
}

/** Statements that lost a deadlock, a serialization conflict or the wait for a lock; or one of them. */
export function LockConflictsView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly LockConflictReport[]>('lock-conflicts');
  const one = id === undefined ? undefined : data?.find((row) => keyOf(row) === id);
  if (one !== undefined) return <LockConflictPage conflict={one} />;
  return (
    <>
      <ViewHead
        title="Lock conflicts"
        about="Statements that lost a deadlock, a serialization conflict or the wait for a lock, retried or not."
        json="lock-conflicts"
      />
      {id !== undefined && data !== undefined && <p class="failure">This conflict is gone.</p>}
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="lock conflicts"
          rows={data}
          columns={COLUMNS}
          query={query}
          keyOf={keyOf}
          hrefOf={(row) => hashOf('lock-conflicts', keyOf(row))}
          textOf={({ statement, conflict, code, tables, routes }) =>
            [statement, conflict, code, ...tables, ...routes].join(' ')
          }
          empty="No statement has lost a lock."
        />
      )}
    </>
  );
}
