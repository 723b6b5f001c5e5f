import type { Severity } from '../../lib/analysis/finding.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import type { UnitSummary } from '../../lib/unit-view.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
import { List, type Column } from '../parts/list.js';
import { clockText } from '../parts/time-text.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { UnitPage } from './unit-page.js';

const COLUMNS: readonly Column<UnitSummary>[] = [
  {
    name: 'unit',
    title: 'Unit of work',
    isText: true,
    width: 'minmax(14rem, 2fr)',
    cell: ({ name, isAfterResponse }) => (isAfterResponse === true ? `${name} (after the response)` : name),
    value: ({ name }) => name,
  },
  {
    name: 'started',
    title: 'Started',
    width: '7rem',
    cell: ({ startedAt }) => clockText(startedAt),
    value: ({ startedAt }) => startedAt,
  },
  {
    name: 'status',
    title: 'Status',
    isExtra: true,
    cell: ({ status, isAborted }) => (isAborted === true ? 'aborted' : (status ?? '')),
    value: ({ status }) => status ?? 0,
  },
  {
    name: 'duration',
    title: 'Duration',
    cell: ({ durationMs }) => durationText(durationMs),
    value: ({ durationMs }) => durationMs,
  },
  {
    name: 'queries',
    title: 'Statements',
    width: '5.6rem',
    cell: ({ queries }) => countText(queries),
    value: ({ queries }) => queries,
    after: ({ queries }) => (queries === 1 ? 'statement' : 'statements'),
  },
  {
    name: 'rows',
    title: 'Rows',
    isExtra: true,
    cell: ({ rows }) => countText(rows),
    value: ({ rows }) => rows,
  },
  {
    name: 'findings',
    title: 'Findings',
    cell: ({ findings }) =>
      findings.length === 0 ? '' : <Badge tone={worst(findings)} text={countText(findings.length)} />,
    value: ({ findings }) => findings.length,
  },
];

function worst(findings: UnitSummary['findings']): Severity {
  const severities = new Set(findings.map(({ severity }) => severity));
  return severities.has('error') ? 'error' : severities.has('warning') ? 'warning' : 'info';
}

/** The last requests, jobs, messages; or the waterfall of one of them. */
export function UnitsView({ id, query }: ViewProps) {
  if (id !== undefined) return <UnitPage id={id} />;
  return <UnitList query={query} />;
}

function UnitList({ query }: Pick<ViewProps, 'query'>) {
  const { data, error } = useLoaded<readonly UnitSummary[]>('units');
  return (
    <>
      <ViewHead
        title="Recent units"
        about="The last units of work that asked something of the database, newest first."
        json="units"
      />
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="units of work"
          rows={data}
          columns={COLUMNS}
          query={query}
          keyOf={({ id, isAfterResponse, startedAt }) => `${id} ${startedAt} ${String(isAfterResponse)}`}
          hrefOf={({ id }) => hashOf('units', id)}
          textOf={({ name, kind, id, traceId, findings }) =>
            [name, kind, id, traceId, ...findings.map((finding) => finding.kind)].join(' ')
          }
          empty="No unit of work has ended yet. Send a request and look again."
        />
      )}
    </>
  );
}
