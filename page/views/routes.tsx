import type { RouteReport } from '../../lib/report/report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
import { List, type Column } from '../parts/list.js';
import { SplitBar } from '../parts/split-bar.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { RoutePage } from './route-page.js';

function columns(greatestMs: number): readonly Column<RouteReport>[] {
  return [
    {
      name: 'route',
      title: 'Route',
      isText: true,
      width: 'minmax(14rem, 2fr)',
      cell: ({ route }) => route,
      value: ({ route }) => route,
    },
    {
      name: 'units',
      title: 'Units',
      isExtra: true,
      cell: ({ units }) => countText(units),
      value: ({ units }) => units,
      after: ({ units }) => (units === 1 ? 'unit' : 'units'),
    },
    {
      name: 'queries',
      title: 'Statements p95',
      width: '7.4rem',
      cell: ({ queries }) => countText(queries.p95),
      value: ({ queries }) => queries.p95,
      after: ({ queries }) => (queries.p95 === 1 ? 'statement' : 'statements'),
    },
    {
      name: 'p50',
      title: 'p50',
      isExtra: true,
      cell: ({ durationMs }) => durationText(durationMs.p50),
      value: ({ durationMs }) => durationMs.p50,
    },
    {
      name: 'p95',
      title: 'p95',
      cell: ({ durationMs }) => durationText(durationMs.p95),
      value: ({ durationMs }) => durationMs.p95,
      after: () => 'p95',
    },
    {
      name: 'time',
      title: 'Data layer',
      isExtra: true,
      width: 'minmax(7rem, 1fr)',
      cell: ({ timeMs }) => <SplitBar {...timeMs} of={greatestMs} />,
      value: ({ timeMs }) => timeMs.wait + timeMs.execute + timeMs.hydrate,
    },
    {
      name: 'findings',
      title: 'Findings',
      width: '9.6rem',
      cell: ({ findings, failures }) => (
        <>
          {findings > 0 && <Badge tone="warning" text={countText(findings)} />}
          {failures > 0 && <Badge tone="error" text={`${countText(failures)} failed`} />}
        </>
      ),
      value: ({ findings }) => findings,
    },
  ];
}

/** Units of work by name, the greatest database time first; or one of them. */
export function RoutesView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly RouteReport[]>('routes');
  if (id !== undefined) return <RoutePage name={id} route={data?.find(({ route }) => route === id)} />;
  const greatestMs = Math.max(
    1,
    ...(data ?? []).map(({ timeMs }) => timeMs.wait + timeMs.execute + timeMs.hydrate),
  );
  return (
    <>
      <ViewHead
        title="Routes"
        about="Requests, messages, jobs and whatever else works by itself; the greatest database time first."
        json="routes"
      />
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="routes"
          rows={data}
          columns={columns(greatestMs)}
          query={query}
          keyOf={({ route, kind }) => `${kind} ${route}`}
          hrefOf={({ route }) => hashOf('routes', route)}
          textOf={({ route, kind }) => `${route} ${kind}`}
          empty="No unit of work has ended yet."
        />
      )}
    </>
  );
}
