import type { CacheReport } from '../../lib/report/cache-report.js';
import type { ReportedFinding } from '../../lib/report/report.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Facts, Figures, type Fact } from '../parts/facts.js';
import { HitsOverTime } from '../parts/hits-over-time.js';
import { PercentileBars } from '../parts/percentile-bars.js';
import { ViewHead } from '../parts/view-head.js';
import { RouteList } from '../parts/route-list.js';

/** `default author:*`, as findings name it; the cache alone where something concerns all of it. */
export function cacheKeyOf({ cache, pattern }: CacheReport): string {
  return pattern === '' ? cache : `${cache} ${pattern}`;
}

/** One pattern of keys: what was found, what a miss costs, what the hits saved, and how the entries live. */
export function CachePage({ row }: { readonly row: CacheReport }) {
  const { data: findings = [] } = useLoaded<readonly ReportedFinding[]>('findings');
  const { lookUps, hitRatio, saved, failures, stampedes, computations } = row;
  return (
    <article>
      <ViewHead
        title={cacheKeyOf(row)}
        about={`asked by ${row.via.join(', ')}`}
        json="caches"
        back={{ href: '#/caches', text: 'Caches' }}
      />
      <Figures
        facts={[
          { name: 'look-ups', value: countText(lookUps) },
          { name: 'found', value: percent(hitRatio) },
          { name: 'saved', value: durationText(saved.timeMs) },
          { name: 'statements saved', value: countText(saved.statements) },
          { name: 'stampedes', value: countText(stampedes.count), ...warnIf(stampedes.count > 0) },
          { name: 'failed', value: countText(failures), ...(failures > 0 && { tone: 'error' }) },
        ]}
      />
      <CacheFindings findings={findings.filter(({ cacheKey }) => cacheKey === cacheKeyOf(row))} />
      <section aria-labelledby="over-time">
        <h2 id="over-time">What was found</h2>
        <HitsOverTime stretches={row.overTime} />
        <p>{outcomes(row)}</p>
      </section>
      <section aria-labelledby="time">
        <h2 id="time">Time of a look-up</h2>
        <PercentileBars
          rows={[
            { name: 'execute', title: 'Found', values: row.hitMs },
            { name: 'wait', title: 'Not found', values: row.missMs },
            ...(computations.count === 0
              ? []
              : [{ name: 'hydrate', title: 'Computing', values: computations.timeMs } as const]),
          ]}
        />
      </section>
      <Facts facts={[...computationFacts(row), ...entryFacts(row), routeFact(row)]} />
    </article>
  );
}

function CacheFindings({ findings }: { readonly findings: readonly ReportedFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <ul class="lines">
        {findings.map(({ id, severity, kind, title }) => (
          <li key={id}>
            <Mark state={severity} />
            <a href={hashOf('findings', id)}>
              <span class="kind">{kind}</span>
            </a>
            <span class="muted">{title}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomes({ hits, misses, stale, coalesced, nulls, sets, deletes }: CacheReport): string {
  return [
    counted(hits, 'hit'),
    counted(misses, 'miss', 'misses'),
    ...(stale > 0 ? [`${countText(stale)} stale while a new value was computed`] : []),
    ...(coalesced > 0 ? [`${countText(coalesced)} waited for the computation of another`] : []),
    ...(nulls > 0 ? [`${counted(nulls, 'null')}, which Nest takes for misses`] : []),
    `${countText(sets)} stored`,
    `${countText(deletes)} deleted`,
  ].join(' · ');
}

function computationFacts({ computations, tiers }: CacheReport): readonly Fact[] {
  const { count, statements, databaseMs } = computations;
  const answered = Object.entries(tiers).map(([tier, hits]) => `${tier} ${countText(hits)}`);
  return [
    {
      name: 'Computed',
      value:
        count === 0
          ? 'not seen: no miss ran something that was stored'
          : `${counted(count, 'time')} with ${counted(statements, 'statement')} in all, ${durationText(databaseMs)} in the database`,
    },
    ...(answered.length === 0 ? [] : [{ name: 'Answered by', value: answered.join(', ') }]),
  ];
}

function entryFacts({ entries, ttlMs, betweenUsesMs, bytes, stampedes, staleReads }: CacheReport): Fact[] {
  const life = ttlMs === undefined ? 'without an end that was seen' : `for ${durationText(ttlMs)}`;
  return [
    {
      name: 'Entries',
      value: `${countText(entries.stored)} stored, ${countText(entries.neverFound)} never found, ${countText(entries.expired)} asked for after their end`,
    },
    {
      name: 'Kept',
      value:
        betweenUsesMs === undefined
          ? life
          : `${life}; the same key is asked for every ${durationText(betweenUsesMs)}`,
    },
    ...(bytes === undefined
      ? []
      : [
          {
            name: 'Size',
            value: `${counted(bytes.mean, 'character')} on average, ${countText(bytes.max)} at most`,
          },
        ]),
    ...(stampedes.count === 0
      ? []
      : [
          {
            name: 'Side by side',
            value: `${counted(stampedes.needless, 'needless computation')}, ${countText(stampedes.worst)} at once at worst`,
          },
        ]),
    ...(staleReads.hits === 0 ? [] : [{ name: 'After a write', value: staleText(staleReads) }]),
  ];
}

function staleText({ hits, maxAgeMs, table, writtenBy }: CacheReport['staleReads']): string {
  const last =
    table === undefined ? '' : `, last to ${table}${writtenBy === undefined ? '' : ` by ${writtenBy}`}`;
  return `${counted(hits, 'hit')} of values older than a write to their tables${last}; up to ${durationText(maxAgeMs)} old`;
}

function routeFact({ routes }: CacheReport): Fact {
  return {
    name: 'Routes',
    value: <RouteList routes={routes} />,
  };
}

function percent(share: number): string {
  return `${String(Math.round(100 * share))} %`;
}

function warnIf(isBad: boolean): Pick<Fact, 'tone'> {
  return isBad ? { tone: 'warning' } : {};
}
