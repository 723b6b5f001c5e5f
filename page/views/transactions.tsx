import { describeCallSite } from '../../lib/record/call-site.js';
import type { TransactionReport } from '../../lib/report/transaction-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
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
    cell: begunBy,
    value: begunBy,
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
    cell: ({ count }) => countText(count),
    value: ({ count }) => count,
    after: () => 'times',
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
    width: 'minmax(6.5rem, 8rem)',
    cell: ({ rolledBack, abandoned }) => (
      <>
        {rolledBack > 0 && <Badge tone="warning" text={`${countText(rolledBack)} rolled back`} />}
        {abandoned > 0 && <Badge tone="error" text={`${countText(abandoned)} abandoned`} />}
      </>
    ),
    value: ({ rolledBack, abandoned }) => rolledBack + abandoned,
  },
];

/** Who began a transaction: TypeORM for a `save()`, or the code. */
export function begunBy({ operation, entity, callSite }: TransactionReport): string {
  const what = operation === undefined ? 'transaction' : `${operation}(${entity ?? ''})`;
  return callSite === undefined ? what : `${what} ${describeCallSite(callSite)}`;
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
