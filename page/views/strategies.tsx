import { copiesText } from '../../lib/report/change-text.js';
import type { LoadingStrategyReport } from '../../lib/report/report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { VerdictBadge } from '../parts/badges.js';
import { List, type Column } from '../parts/list.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';

const COLUMNS: readonly Column<LoadingStrategyReport>[] = [
  {
    name: 'relation',
    title: 'Relation',
    isText: true,
    width: 'minmax(11rem, 1.6fr)',
    cell: ({ relation }) => relation,
    value: ({ relation }) => relation,
  },
  {
    name: 'route',
    title: 'Route',
    isText: true,
    width: 'minmax(10rem, 1.6fr)',
    cell: ({ route }) => route,
    value: ({ route }) => route,
  },
  {
    name: 'strategy',
    title: 'Loaded by',
    isText: true,
    width: 'minmax(4.4rem, 7.4rem)',
    cell: ({ strategy, isCount }) => (isCount === true ? 'count' : strategy),
    value: ({ strategy }) => strategy,
  },
  {
    name: 'loads',
    title: 'Loads',
    isExtra: true,
    cell: ({ loads }) => countText(loads),
    value: ({ loads }) => loads,
  },
  {
    name: 'statements',
    title: 'Statements',
    width: '5.6rem',
    cell: ({ statements }) => countText(statements),
    value: ({ statements }) => statements,
    after: ({ statements }) => (statements === 1 ? 'statement' : 'statements'),
  },
  {
    name: 'rows',
    title: 'Rows',
    isExtra: true,
    cell: ({ rows }) => countText(rows),
    value: ({ rows }) => rows,
    after: ({ rows }) => (rows === 1 ? 'row' : 'rows'),
  },
  {
    name: 'copies',
    title: 'Copies',
    width: '4rem',
    isExtra: true,
    cell: copiesText,
    value: ({ duplication = 1 }) => duplication,
  },
  {
    name: 'time',
    title: 'Execution',
    isExtra: true,
    cell: ({ timeMs }) => durationText(timeMs.execute),
    value: ({ timeMs }) => timeMs.execute,
  },
  {
    name: 'verdict',
    title: 'Verdict',
    isText: true,
    isWhole: true,
    width: '8.6rem',
    cell: ({ verdict }) => <VerdictBadge choice={verdict.choice} />,
    value: ({ verdict }) => verdict.choice,
  },
];

/** Every relation on every route; a row leads to the graph of its route. */
export function StrategiesView({ query }: ViewProps) {
  const { data, error } = useLoaded<readonly LoadingStrategyReport[]>('loading-strategies');
  return (
    <>
      <ViewHead
        title="Loading strategies"
        about="How each relation was loaded on each route, and how it should be. What should change comes first. Copies: how often each child came over the wire, where that is twice or more."
        json="loading-strategies"
      />
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="loading strategies"
          rows={data}
          columns={COLUMNS}
          query={query}
          keyOf={(row) =>
            [row.route, row.relation, row.strategy, row.dataSource, row.fieldPath, row.isCount].join(' ')
          }
          hrefOf={({ route }) => hashOf('routes', route)}
          textOf={({ relation, route, strategy, verdict }) =>
            `${relation} ${route} ${strategy} ${verdict.choice}`
          }
          empty="No relation has been loaded yet."
        />
      )}
    </>
  );
}
