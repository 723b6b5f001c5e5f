import type { Area, AreaName } from '../../lib/report/areas.js';
import { subjectText } from '../../lib/report/finding-line.js';
import type { ReportedFinding } from '../../lib/report/report.js';
import { hasCost } from '../../lib/report/has-cost.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import type { PageSummary } from '../live.js';
import { useLive } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Code } from '../parts/code.js';
import { Figures } from '../parts/facts.js';
import { spanText } from '../parts/time-text.js';
import { ViewHead } from '../parts/view-head.js';

const AREAS: Readonly<Record<AreaName, { readonly title: string; readonly view: string }>> = {
  relations: { title: 'Relations', view: 'loading-strategies' },
  statements: { title: 'Statements', view: 'slow-queries' },
  indexes: { title: 'Indexes', view: 'slow-queries' },
  caches: { title: 'Caches', view: 'caches' },
  pools: { title: 'Connections', view: 'pools' },
  transactions: { title: 'Transactions', view: 'transactions' },
  budgets: { title: 'Budgets', view: 'findings' },
  'query-lens': { title: 'QueryLens itself', view: 'self' },
};

/** Of a change in a card: the next finding stays in sight. */
const MAX_CODE_LINES = 6;

/** What somebody sees who opens the page at night: is it bad, what is worst, what to do. */
export function OverviewView() {
  const { summary } = useLive();
  if (summary === undefined) return null;
  const { totals, window, instance, dataSources } = summary;
  const sources = dataSources.map(({ name, driver }) => `${name} (${driver})`).join(', ');
  return (
    <>
      <ViewHead
        title={headline(summary)}
        about={`${spanText(window.from, window.to)} of process ${String(instance.pid)}${sources === '' ? '' : `, data source ${sources}`}`}
        json="summary"
      />
      <Figures
        facts={[
          { name: 'units of work', value: countText(totals.units) },
          { name: 'statements', value: countText(totals.queries) },
          { name: 'rows', value: countText(totals.rows) },
          { name: 'in the database', value: durationText(totals.timeMs.execute) },
          { name: 'waiting for a connection', value: durationText(totals.timeMs.wait) },
          { name: 'failed', value: countText(totals.errors), ...(totals.errors > 0 && { tone: 'error' }) },
        ]}
      />
      {summary.worst.length > 0 && <Worst summary={summary} />}
      <section aria-labelledby="areas">
        <h2 id="areas">Everything at a glance</h2>
        <ul class="areas">
          {summary.areas.map((area) => (
            <AreaLine key={area.name} area={area} />
          ))}
        </ul>
      </section>
    </>
  );
}

function headline({ totals: { findings, queries } }: PageSummary): string {
  if (queries === 0) return 'Nothing has been asked of the database yet';
  const { error, warning, info } = findings;
  if (error + warning === 0)
    return info === 0 ? 'All is well' : `All is well, ${counted(info, 'thing')} worth knowing`;
  const parts = [
    ...(error > 0 ? [counted(error, 'error')] : []),
    ...(warning > 0 ? [counted(warning, 'warning')] : []),
  ];
  return `${parts.join(' and ')} to look at`;
}

function Worst({ summary: { worst, counts } }: { readonly summary: PageSummary }) {
  const more = counts.findings - worst.length;
  return (
    <section aria-labelledby="worst">
      <h2 id="worst">Change this first</h2>
      <ol class="cards">
        {worst.map((finding) => (
          <WorstFinding key={finding.id} finding={finding} />
        ))}
      </ol>
      {more > 0 && (
        <p>
          <a href="#/findings">{counted(more, 'more finding')}</a>
        </p>
      )}
    </section>
  );
}

function WorstFinding({ finding }: { readonly finding: ReportedFinding }) {
  const { id, kind, severity, route, title, advice, cost, occurrences } = finding;
  return (
    <li class={`card ${severity}`}>
      <h3>
        <Mark state={severity} />
        <a href={hashOf('findings', id)}>
          <span class="kind">{kind}</span> {subjectText(finding)}
        </a>
        {route !== '' && <span class="route">{route}</span>}
      </h3>
      <p>{title}</p>
      {advice.text !== '' && <p class="advice">{advice.text}</p>}
      {advice.code !== undefined && <Code code={advice.code} maxLines={MAX_CODE_LINES} />}
      {hasCost(finding) && (
        <p class="muted">
          {counted(cost.statements, 'statement')}, {counted(cost.rows, 'row')}, {durationText(cost.timeMs)} at
          worst; seen {counted(occurrences, 'time')}
        </p>
      )}
    </li>
  );
}

function AreaLine({ area: { name, state, text, findings } }: { readonly area: Area }) {
  const { title, view } = AREAS[name];
  const href = findings > 0 ? hashOf('findings', undefined, { area: name }) : hashOf(view);
  return (
    <li class={state}>
      <Mark state={state} />
      <a href={href}>{title}</a>
      <span>{text}</span>
    </li>
  );
}
