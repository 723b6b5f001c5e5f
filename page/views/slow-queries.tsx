import { describeCallSite } from '../../lib/record/call-site.js';
import type { SlowQueryReport } from '../../lib/report/report.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Place } from '../parts/call-sites.js';
import { List, type Column } from '../parts/list.js';
import { Sparkline } from '../parts/sparkline.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { StatementPage } from './statement-page.js';

const COLUMNS: readonly Column<SlowQueryReport>[] = [
  {
    name: 'statement',
    title: 'Statement',
    isText: true,
    width: 'minmax(14rem, 2fr)',
    cell: ({ statement, isSlow, errors, callSites }) => (
      <>
        <Mark state={errors > 0 ? 'error' : isSlow ? 'warning' : 'good'} /> {statementName(statement)}{' '}
        <Place sites={callSites} />
      </>
    ),
    value: ({ statement }) => statementName(statement),
  },
  {
    name: 'route',
    title: 'Route',
    isText: true,
    width: 'minmax(9rem, 1.4fr)',
    cell: ({ routes }) =>
      routes.length > 1 ? `${routes[0] ?? ''} +${String(routes.length - 1)}` : routes[0],
    value: ({ routes }) => routes[0] ?? '',
  },
  {
    name: 'recent',
    title: 'Last calls',
    isExtra: true,
    width: '6.6rem',
    cell: ({ recentMs, p95Ms }) =>
      recentMs.length === 0 ? (
        <span class="muted">not lately</span>
      ) : (
        <Sparkline
          values={recentMs}
          label={`The last ${String(recentMs.length)} calls, p95 ${durationText(p95Ms)}`}
        />
      ),
  },
  {
    name: 'total',
    title: 'Total',
    cell: ({ totalMs }) => <strong>{durationText(totalMs)}</strong>,
    value: ({ totalMs }) => totalMs,
  },
  {
    name: 'calls',
    title: 'Calls',
    width: '5.4rem',
    cell: ({ count }) => countText(count),
    value: ({ count }) => count,
    after: ({ count }) => (count === 1 ? 'call' : 'calls'),
  },
  {
    name: 'p95',
    title: 'p95',
    cell: ({ p95Ms }) => durationText(p95Ms),
    value: ({ p95Ms }) => p95Ms,
    after: () => 'p95',
  },
  {
    name: 'wait',
    title: 'Wait',
    isExtra: true,
    cell: ({ waitMs }) => durationText(waitMs),
    value: ({ waitMs }) => waitMs,
  },
];

/** Seeds and migrations are no traffic. */
function isStartup({ routes }: SlowQueryReport): boolean {
  return routes.length > 0 && routes.every((route) => route === 'bootstrap');
}

/** Statements by the time they took together; or one of them. */
export function SlowQueriesView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly SlowQueryReport[]>('slow-queries');
  const one = data?.find(({ fingerprint }) => fingerprint === id);
  if (one !== undefined) return <StatementPage statement={one} />;
  const startup = data?.filter(isStartup).length ?? 0;
  const isWhole = query['startup'] === 'shown' || startup === data?.length;
  return (
    <>
      <ViewHead
        title="Slow queries"
        about="Statements by the time they took together, the wait for a connection included. Values are never kept."
        json="slow-queries"
      />
      {id !== undefined && data !== undefined && (
        <p class="failure">This statement is not among the 200 that took longest.</p>
      )}
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="statements"
          rows={isWhole ? data : data.filter((row) => !isStartup(row))}
          columns={COLUMNS}
          query={query}
          keyOf={({ dataSource, fingerprint }) => `${dataSource} ${fingerprint}`}
          hrefOf={({ fingerprint }) => hashOf('slow-queries', fingerprint)}
          textOf={({ statement, routes, callSites, fingerprint, isSlow }) =>
            [
              statement,
              ...routes,
              ...callSites.map(describeCallSite),
              fingerprint,
              isSlow ? 'slow' : '',
            ].join(' ')
          }
          empty="No statement has run yet."
        />
      )}
      {data?.some(({ recentMs }) => recentMs.length === 0) === true && (
        <p class="after muted">The last calls are kept of the 256 statements that were seen last.</p>
      )}
      {startup > 0 && !isWhole && (
        <p class="after">
          <a href={hashOf('slow-queries', undefined, { startup: 'shown' })}>
            {counted(startup, 'more statement')} of the start
          </a>
        </p>
      )}
    </>
  );
}
