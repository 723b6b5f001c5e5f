import type { ComponentType } from 'preact';
import type { PageSummary } from './live.js';
import { CachesView } from './views/caches.js';
import { FindingsView } from './views/findings.js';
import { LockConflictsView } from './views/lock-conflicts.js';
import { OverviewView } from './views/overview.js';
import { PoolsView } from './views/pools.js';
import { RoutesView } from './views/routes.js';
import { SelfView } from './views/self.js';
import { SlowQueriesView } from './views/slow-queries.js';
import { StrategiesView } from './views/strategies.js';
import { TransactionsView } from './views/transactions.js';
import { UnitsView } from './views/units.js';

export interface ViewProps {
  /** The one thing that the address names. */
  readonly id?: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface View {
  readonly name: string;
  readonly title: string;
  readonly component: ComponentType<ViewProps>;
  /** The endpoint with the same as JSON. */
  readonly json: (id: string | undefined) => string;
  /** A figure beside its name, and whether something should change there. */
  readonly count?: (summary: PageSummary) => { readonly value: number; readonly isBad: boolean };
  /** Not in a file. */
  readonly isLiveOnly?: true;
}

const fine = (value: number) => ({ value, isBad: false });

/** In the order of the menu. */
export const VIEWS: readonly View[] = [
  { name: 'overview', title: 'Overview', component: OverviewView, json: () => 'summary' },
  {
    name: 'findings',
    title: 'Findings',
    component: FindingsView,
    json: () => 'findings',
    count: ({ counts, totals: { findings } }) => ({
      value: counts.findings,
      isBad: findings.error + findings.warning > 0,
    }),
  },
  {
    name: 'routes',
    title: 'Routes',
    component: RoutesView,
    json: () => 'routes',
    count: ({ counts }) => fine(counts.routes),
  },
  {
    name: 'loading-strategies',
    title: 'Loading strategies',
    component: StrategiesView,
    json: () => 'loading-strategies',
    count: ({ counts: { loadingStrategiesToChange: value } }) => ({ value, isBad: value > 0 }),
  },
  {
    name: 'slow-queries',
    title: 'Slow queries',
    component: SlowQueriesView,
    json: () => 'slow-queries',
    count: ({ counts: { slowQueries: value } }) => ({ value, isBad: value > 0 }),
  },
  {
    name: 'caches',
    title: 'Caches',
    component: CachesView,
    json: () => 'caches',
    count: ({ counts }) => fine(counts.caches),
  },
  {
    name: 'pools',
    title: 'Pools',
    component: PoolsView,
    json: () => 'pools',
    count: ({ counts }) => fine(counts.pools),
  },
  {
    name: 'transactions',
    title: 'Transactions',
    component: TransactionsView,
    json: () => 'transactions',
    count: ({ counts }) => fine(counts.transactions),
  },
  {
    name: 'lock-conflicts',
    title: 'Lock conflicts',
    component: LockConflictsView,
    json: () => 'lock-conflicts',
    count: ({ counts: { lockConflicts: value } }) => ({ value, isBad: value > 0 }),
  },
  {
    name: 'units',
    title: 'Recent units',
    component: UnitsView,
    json: (id) => (id === undefined ? 'units' : `units/${encodeURIComponent(id)}`),
    isLiveOnly: true,
  },
  { name: 'self', title: 'QueryLens itself', component: SelfView, json: () => 'self' },
];
