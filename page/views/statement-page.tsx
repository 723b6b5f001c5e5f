import type { Percentiles, SlowQueryReport } from '../../lib/report/report.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { usePage } from '../page-context.js';
import { ActButton } from '../parts/act-button.js';
import { Mark } from '../parts/badges.js';
import { CallSites } from '../parts/call-sites.js';
import { Code, Sql } from '../parts/code.js';
import { Facts, Figures, type Fact } from '../parts/facts.js';
import { PercentileBars } from '../parts/percentile-bars.js';
import { PlanTree } from '../parts/plan-tree.js';
import { Sparkline } from '../parts/sparkline.js';
import { ViewHead } from '../parts/view-head.js';
import { RouteList } from '../parts/route-list.js';

/** One statement shape: where its time goes, who asks for it, what would help. */
export function StatementPage({ statement }: { readonly statement: SlowQueryReport }) {
  const { fingerprint, count, errors, rows, isSlow, totalMs, waitMs, recentMs } = statement;
  const execute: Percentiles = {
    p50: statement.p50Ms,
    p95: statement.p95Ms,
    p99: statement.p99Ms,
    max: statement.maxMs,
  };
  return (
    <article>
      <ViewHead
        title={
          <>
            <Mark state={errors > 0 ? 'error' : isSlow ? 'warning' : 'good'} />{' '}
            {statementName(statement.statement)}
          </>
        }
        about={
          <>
            <code>{fingerprint}</code> on data source {statement.dataSource}
          </>
        }
        json="slow-queries"
        back={{ href: '#/slow-queries', text: 'Slow queries' }}
      />
      <Figures
        facts={[
          { name: 'together', value: durationText(totalMs) },
          { name: 'calls', value: countText(count) },
          { name: 'rows', value: countText(rows) },
          { name: 'waiting', value: durationText(waitMs) },
          { name: 'failed', value: countText(errors), ...(errors > 0 && { tone: 'error' }) },
          recentFact(recentMs),
        ]}
      />
      <Advice statement={statement} />
      <Sql text={statement.statement} />
      <section aria-labelledby="plan">
        <h2 id="plan">Plan</h2>
        {statement.plan === undefined ? (
          <p class="muted">{statement.whyNot ?? 'Its plan has not been read.'}</p>
        ) : (
          <PlanTree plan={statement.plan} />
        )}
        <ActButton
          action="investigate"
          target={{ fingerprint, dataSource: statement.dataSource }}
          text={statement.plan === undefined ? 'Read its plan' : 'Read its plan again'}
          doing="Asking the database …"
          done="Asked the database."
        />
      </section>
      {statement.previousPlan !== undefined && (
        <details>
          <summary>The plan before, which was cheaper</summary>
          <PlanTree plan={statement.previousPlan} />
        </details>
      )}
      <section aria-labelledby="time">
        <h2 id="time">Time of a call</h2>
        <PercentileBars
          rows={[
            { name: 'wait', values: statement.waitPercentilesMs },
            { name: 'execute', values: execute },
            { name: 'hydrate', values: statement.hydratePercentilesMs },
          ]}
        />
      </section>
      <Facts
        facts={[
          {
            name: 'Routes',
            value: (
              <RouteList
                routes={statement.routes}
                shares={(statement.routeShares ?? []).map(({ share }) => share)}
              />
            ),
          },
          { name: 'Where', value: <CallSites sites={statement.callSites} /> },
          { name: 'Slowest', value: <Examples statement={statement} /> },
        ]}
      />
    </article>
  );
}

function recentFact(recentMs: readonly number[]): Fact {
  return recentMs.length === 0
    ? { name: 'not among the 256 statements seen last', value: '–' }
    : {
        name: `last ${counted(recentMs.length, 'call')}`,
        value: <Sparkline values={recentMs} label="Execution time of the last calls" />,
      };
}

function Advice({ statement: { advice, whyNot, plan } }: { readonly statement: SlowQueryReport }) {
  // Why there is no plan stands where the plan would be.
  if (advice.length === 0)
    return whyNot === undefined || plan === undefined ? null : <p class="note">{whyNot}</p>;
  return (
    <section class="change" aria-labelledby="change">
      <h2 id="change">Change</h2>
      {advice.map(({ text, code, verified }) => (
        <div key={text}>
          <p>{text}</p>
          {code !== undefined && <Code code={code} />}
          {verified !== undefined && (
            <p class="proof">
              <span class="rung">{verified.rung}</span>: {verified.before} → {verified.after}{' '}
              <span class="muted">({verified.how})</span>
            </p>
          )}
        </div>
      ))}
    </section>
  );
}

function Examples({ statement: { examples } }: { readonly statement: SlowQueryReport }) {
  const { source } = usePage();
  return (
    <ul class="plain">
      {examples.map(({ unit, durationMs, traceId }) => (
        <li key={unit + String(durationMs)}>
          {durationText(durationMs)} in{' '}
          {source.isLive ? <a href={hashOf('units', unit)}>unit {unit}</a> : `unit ${unit}`}
          {traceId !== undefined && <code> {traceId}</code>}
        </li>
      ))}
      {examples.length === 0 && <li class="muted">{counted(0, 'call')}</li>}
    </ul>
  );
}
