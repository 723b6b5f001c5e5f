import { areaOfKind } from '../../lib/report/areas.js';
import { subjectText } from '../../lib/report/finding-line.js';
import type { ReportedFinding } from '../../lib/report/report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Place } from '../parts/call-sites.js';
import { List, type Column } from '../parts/list.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { FindingPage } from './finding-page.js';

const COLUMNS: readonly Column<ReportedFinding>[] = [
  {
    name: 'finding',
    title: 'Finding',
    isText: true,
    width: 'minmax(16rem, 2.4fr)',
    cell: (finding) => (
      <>
        <Mark state={finding.severity} /> <span class="kind">{finding.kind}</span> {subjectText(finding)}{' '}
        {finding.relation === undefined && <Place sites={finding.callSites} />}
      </>
    ),
    value: ({ kind }) => kind,
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
    name: 'statements',
    title: 'Statements',
    width: '5.6rem',
    cell: ({ cost }) => countText(cost.statements),
    value: ({ cost }) => cost.statements,
    after: ({ cost }) => (cost.statements === 1 ? 'statement' : 'statements'),
  },
  {
    name: 'rows',
    title: 'Rows',
    isExtra: true,
    cell: ({ cost }) => countText(cost.rows),
    value: ({ cost }) => cost.rows,
  },
  {
    name: 'time',
    title: 'Time',
    cell: ({ cost }) => durationText(cost.timeMs),
    value: ({ cost }) => cost.timeMs,
  },
  {
    name: 'seen',
    title: 'Seen',
    cell: ({ occurrences }) => `${countText(occurrences)}×`,
    value: ({ occurrences }) => occurrences,
  },
];

/** All findings, or one of them. */
export function FindingsView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly ReportedFinding[]>('findings');
  const one = id === undefined ? undefined : data?.find((finding) => finding.id === id);
  if (one !== undefined) return <FindingPage finding={one} />;
  const area = query['area'];
  const rows = data?.filter(({ kind }) => area === undefined || areaOfKind(kind) === area);
  return (
    <>
      <ViewHead
        title="Findings"
        about={
          area === undefined ? (
            'Worst first. Figures are those of the costliest occurrence.'
          ) : (
            <>
              Only those about {area}. <a href="#/findings">Show all</a>
            </>
          )
        }
        json="findings"
      />
      {id !== undefined && data !== undefined && <p class="failure">This finding is gone.</p>}
      {rows === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="findings"
          rows={rows}
          columns={COLUMNS}
          query={query}
          keyOf={(finding) => finding.id}
          hrefOf={(finding) => hashOf('findings', finding.id)}
          textOf={(finding) =>
            [
              finding.kind,
              subjectText(finding),
              finding.route,
              finding.title,
              ...finding.callSites.map(({ file }) => file),
            ].join(' ')
          }
          empty="Nothing was found."
        />
      )}
    </>
  );
}
