import type { CacheReport } from '../../lib/report/cache-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
import { List, type Column } from '../parts/list.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import type { ViewProps } from '../views.js';
import { CachePage, cacheKeyOf } from './cache-page.js';

const COLUMNS: readonly Column<CacheReport>[] = [
  {
    name: 'pattern',
    title: 'Keys',
    isText: true,
    width: 'minmax(12rem, 2fr)',
    cell: ({ pattern }) => (pattern === '' ? 'the whole cache' : pattern),
    value: ({ pattern }) => pattern,
  },
  {
    name: 'cache',
    title: 'Cache',
    isText: true,
    width: 'minmax(7rem, 1fr)',
    cell: ({ cache }) => cache,
    value: ({ cache }) => cache,
  },
  {
    name: 'lookups',
    title: 'Look-ups',
    cell: ({ lookUps }) => countText(lookUps),
    value: ({ lookUps }) => lookUps,
    after: () => 'look-ups',
  },
  {
    name: 'hits',
    title: 'Hits',
    cell: ({ hitRatio }) => `${String(Math.round(100 * hitRatio))} %`,
    value: ({ hitRatio }) => hitRatio,
    after: () => 'hits',
  },
  {
    name: 'saved',
    title: 'Saved',
    cell: ({ saved }) => durationText(saved.timeMs),
    value: ({ saved }) => saved.timeMs,
    after: () => 'saved',
  },
  {
    name: 'statements',
    title: 'Statements saved',
    isExtra: true,
    width: '8.6rem',
    cell: ({ saved }) => countText(saved.statements),
    value: ({ saved }) => saved.statements,
  },
  {
    name: 'failures',
    title: 'Failures',
    cell: ({ failures }) => (failures > 0 ? <Badge tone="error" text={countText(failures)} /> : ''),
    value: ({ failures }) => failures,
  },
];

const keyOf = ({ cache, pattern }: CacheReport): string => `${cache}|${pattern}`;

/** What the caches were asked for, by patterns of keys; or one of those. Keys and values are never kept. */
export function CachesView({ id, query }: ViewProps) {
  const { data, error } = useLoaded<readonly CacheReport[]>('caches');
  const one = id === undefined ? undefined : data?.find((row) => keyOf(row) === id);
  if (one !== undefined) return <CachePage row={one} />;
  return (
    <>
      <ViewHead
        title="Caches"
        about="By patterns of keys: what was asked, what was found, and what that saved. Keys and values are never kept."
        json="caches"
      />
      {id !== undefined && data !== undefined && <p class="failure">This pattern of keys is gone.</p>}
      {data === undefined ? (
        <NotYet error={error} />
      ) : (
        <List
          label="caches"
          rows={data}
          columns={COLUMNS}
          query={query}
          keyOf={keyOf}
          hrefOf={(row) => hashOf('caches', keyOf(row))}
          textOf={(row) => [cacheKeyOf(row), ...row.routes].join(' ')}
          empty="No cache has been used yet."
        />
      )}
    </>
  );
}
