import type { SelfReport } from '../../lib/report/report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { useLive, useLoaded } from '../page-context.js';
import { Badge } from '../parts/badges.js';
import { Figures } from '../parts/facts.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import { Actions } from './actions.js';

/** What QueryLens costs, what it could not do, what is ignored, and what its reader may do. */
export function SelfView() {
  const { data: self, error } = useLoaded<SelfReport>('self');
  const { summary } = useLive();
  const about =
    summary === undefined
      ? undefined
      : `nestjs-query-lens ${summary.instance.version} in process ${String(summary.instance.pid)}, Node.js ${summary.instance.node}`;
  return (
    <>
      <ViewHead title="QueryLens itself" about={about} json="self" />
      {self === undefined ? <NotYet error={error} /> : <Own self={self} />}
      {summary !== undefined && summary.actions.length > 0 && (
        <Actions actions={summary.actions} isPaused={summary.isPaused === true} />
      )}
    </>
  );
}

function Own({ self }: { readonly self: SelfReport }) {
  const { analysisMicroseconds, unitsAnalysed, recordsKept, recordsDropped, failures, degraded } = self;
  const perUnit = analysisMicroseconds / 1_000 / Math.max(1, unitsAnalysed);
  return (
    <>
      <Figures
        facts={[
          { name: 'analysis, off the request path', value: durationText(analysisMicroseconds / 1_000) },
          { name: 'for each unit of work', value: durationText(perUnit) },
          { name: 'records kept', value: countText(recordsKept) },
          {
            name: 'records dropped',
            value: countText(recordsDropped),
            ...(recordsDropped > 0 && { tone: 'warning' }),
          },
          {
            name: 'own failures',
            value: countText(failures.length),
            ...(failures.length > 0 && { tone: 'error' }),
          },
        ]}
      />
      {failures.length > 0 && (
        <section aria-labelledby="failures">
          <h2 id="failures">Failures</h2>
          <ul class="lines">
            {failures.map(({ where, count, message }) => (
              <li key={where + message}>
                <strong>{where}</strong> <span>{message}</span> <span class="muted">{countText(count)}×</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {degraded.length > 0 && (
        <section aria-labelledby="degraded">
          <h2 id="degraded">Not found in this TypeORM or driver</h2>
          <ul class="lines">
            {degraded.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <Evicted evicted={self.evicted} />
      <Ignores ignores={self.ignores} />
    </>
  );
}

function Evicted({ evicted }: Pick<SelfReport, 'evicted'>) {
  const gone = Object.entries(evicted).filter(([, count]) => count > 0);
  if (gone.length === 0) return null;
  return (
    <section aria-labelledby="evicted">
      <h2 id="evicted">Gave way to newer ones</h2>
      <ul class="lines">
        {gone.map(([name, count]) => (
          <li key={name}>
            {countText(count)} {name}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ignores({ ignores }: Pick<SelfReport, 'ignores'>) {
  return (
    <section aria-labelledby="ignores">
      <h2 id="ignores">Ignored findings</h2>
      {ignores.length === 0 ? (
        <p class="muted">No ignore rule.</p>
      ) : (
        <ul class="lines">
          {ignores.map(({ rule, matched, isExpired }) => (
            <li key={rule}>
              <code>{rule}</code>
              {isExpired ? (
                <Badge tone="warning" text="expired" />
              ) : matched === 0 ? (
                <Badge tone="unused" text="matched nothing yet" />
              ) : (
                <span class="muted">{countText(matched)} matched</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
