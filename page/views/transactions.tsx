import { describeCallSite } from '../../lib/record/call-site.js';
import type { TransactionReport } from '../../lib/report/transaction-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
import { Place } from '../parts/call-sites.js';
import { List, type Column } from '../parts/list.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { TransactionPage } from './transaction-page.js';

const COLUMNS: readonly Column<TransactionReport>[] = [
  {
    name: 'begun',
    title: 'Begun by',
    isText: true,
    width: 'minmax(13rem, 1.7fr)',
    cell: (row) => (
      <>
        {whatBegan(row)} <Place sites={row.callSite === undefined ? [] : [row.callSite]} />
      </>
    ),
    value: whatBegan,
  },
  {
    name: 'route',
    title: 'Route',
    isText: true,
    width: 'minmax(9rem, 1.5fr)',
    cell: ({ route }) => route,
    value: ({ route }) => route,
  },
  {
    name: 'count',
    title: 'Times',
    isExtra: true,
    cell: ({ count }) => countText(count),
    value: ({ count }) => count,
    after: ({ count }) => (count === 1 ? 'time' : 'times'),
  },
  {
    name: 'p95',
    title: 'p95',
    cell: ({ durationMs }) => durationText(durationMs.p95),
    value: ({ durationMs }) => durationMs.p95,
    after: () => 'p95',
  },
  {
    name: 'statements',
    title: 'Statements',
    width: '5.6rem',
    isExtra: true,
    cell: ({ statements }) => countText(statements.p95),
    value: ({ statements }) => statements.p95,
  },
  {
    name: 'idle',
    title: 'Idle',
    cell: ({ idleShare }) => `${String(Math.round(100 * idleShare))} %`,
    value: ({ idleShare }) => idleShare,
    after: () => 'idle',
  },
  {
    name: 'ended',
    title: 'Not committed',
    width: '7rem',
    cell: ({ rolledBack, abandoned }) =>
      rolledBack + abandoned === 0 ? (
        ''
      ) : (
        <Badge tone={abandoned > 0 ? 'error' : 'warning'} text={countText(rolledBack + abandoned)} />
      ),
    after: ({ rolledBack, abandoned }) => (rolledBack + abandoned === 0 ? '' : 'not committed'),
    value: ({ rolledBack, abandoned }) => rolledBack + abandoned,
  },
];

/** Who began a transaction: TypeORM for a `save()`, or the code. */
function whatBegan({ operation, entity, callSite }: TransactionReport): string {
  if (operation !== undefined) return `${entity ?? ''}.${operation}()`;
  return callSite?.function ?? 'place not known';
}

/** The same with its place. */
export function begunBy(row: TransactionReport): string {
  const { operation, callSite } = row;
  if (callSite === undefined) return whatBegan(row);
  const place = describeCallSite(callSite);
  return operation === undefined ? place : `${whatBegan(row)} ${place}`;
}

/** Unique among the transactions of a report. */
function keyOf({ route, dataSource, operation, entity, callSite }: TransactionReport): string {
  const place =
    callSite === undefined ? '' : `${callSite.file}:${String(callSite.line)}:${String(callSite.column)}`;
  return [dataSource, operation ?? '', entity ?? '', place, route].join('|');
}

/** Transactions by the place that began them; or one of those. */
export function TransactionsView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly TransactionReport[]>('transactions');
  const one = id === undefined ? undefined : data?.find((row) => keyOf(row) === id);
  if (one !== undefined) return <TransactionPage transaction={one} />;
  return (
    <>
      <ViewHead
        title="Transactions"
        about="By the place that began them: how long they lasted, and how much of that they did nothing."
        json="transactions"
      />
      {id !== undefined && data !== undefined && <p class="failure">This transaction is gone.</p>}
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="transactions"
          rows={data}
          columns={COLUMNS}
          query={query}
          keyOf={keyOf}
          hrefOf={(row) => hashOf('transactions', keyOf(row))}
          textOf={(row) => `${begunBy(row)} ${row.route}`}
          empty="No transaction has been seen yet."
        />
      )}
    </>
  );
}
