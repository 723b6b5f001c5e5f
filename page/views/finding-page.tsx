import { subjectText } from '../../lib/report/finding-line.js';
import type { ReportedFinding } from '../../lib/report/report.js';
import { hasCost } from '../../lib/report/has-cost.js';
import { counted } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { useLive } from '../page-context.js';
import { ActButton } from '../parts/act-button.js';
import { Mark } from '../parts/badges.js';
import { CallSites } from '../parts/call-sites.js';
import { Code, Sql } from '../parts/code.js';
import { Facts } from '../parts/facts.js';
import { clockText } from '../parts/time-text.js';
import { ViewHead } from '../parts/view-head.js';
import { ignoreCode } from './ignore-code.js';

/** What the application can try again by itself; see `verify` in lib/admin/admin-actions.ts. */
const BY_PLAN: ReadonlySet<string> = new Set(['slow-query', 'missing-index']);
const BY_LOADING: ReadonlySet<string> = new Set([
  'n-plus-one',
  'double-load',
  'cartesian-product',
  'unused-relation',
  'unused-columns',
]);

/** One finding, read like a colleague's review: what was seen, what it costs, the change to make, how to silence it. */
export function FindingPage({ finding }: { readonly finding: ReportedFinding }) {
  const { kind, severity, route, title, evidence, advice, whyNot, cost, statement, traceIds } = finding;
  const { summary } = useLive();
  return (
    <article class="finding">
      <ViewHead
        title={
          <>
            <Mark state={severity} /> <span class="kind">{kind}</span> {subjectText(finding)}
          </>
        }
        about={title}
        json="findings"
        back={{ href: '#/findings', text: 'Findings' }}
      />
      {advice.text !== '' && (
        <section class="change" aria-labelledby="change">
          <h2 id="change">Change</h2>
          <p>{advice.text}</p>
          {advice.code !== undefined && <Code code={advice.code} />}
          {advice.verified !== undefined && <Proof kind={kind} verified={advice.verified} />}
          {(BY_PLAN.has(kind) || (summary?.verifiesLoading === true && BY_LOADING.has(kind))) && (
            <ActButton
              action="verify"
              target={{ finding: finding.id }}
              text="Verify"
              doing="Trying it …"
              done="Tried: what came of it stands here."
            />
          )}
        </section>
      )}
      {whyNot !== undefined && <p class="note">{whyNot}</p>}
      <Facts
        facts={[
          route === '' ? undefined : { name: 'Route', value: <a href={hashOf('routes', route)}>{route}</a> },
          { name: 'Seen', value: evidence.text },
          hasCost(finding)
            ? {
                name: 'Cost',
                value: `${counted(cost.statements, 'statement')}, ${counted(cost.rows, 'row')}, ${durationText(cost.timeMs)} at worst`,
              }
            : undefined,
          // What belongs to no unit of work comes from no place in the code.
          route === '' && finding.callSites.length === 0
            ? undefined
            : { name: 'Where', value: <CallSites sites={finding.callSites} /> },
          { name: 'When', value: whenText(finding) },
          traceIds.length === 0
            ? undefined
            : { name: 'Traces', value: traceIds.map((trace) => <code key={trace}>{trace} </code>) },
        ]}
      />
      {statement !== undefined && (
        <section aria-labelledby="statement">
          <h2 id="statement">Statement</h2>
          <Sql text={statement.text} />
          <p>
            <a href={hashOf('slow-queries', statement.fingerprint)}>Its figures</a>
          </p>
        </section>
      )}
      <details>
        <summary>Accept it instead</summary>
        <p>
          Put this into <code>ignore</code> of <code>QueryLensModule.forRoot()</code>, with a reason that
          somebody else will understand.
        </p>
        <Code code={ignoreCode(finding)} what="the ignore rule" />
      </details>
    </article>
  );
}

function whenText({ occurrences, firstSeen, lastSeen }: ReportedFinding): string {
  const first = clockText(firstSeen);
  const last = clockText(lastSeen);
  return `${counted(occurrences, 'time')}, ${first === last ? first : `${first} to ${last}`}`;
}

/** An index that is only suggested has its reasons there all the same. */
function Proof({
  kind,
  verified: { rung, before, after, how },
}: {
  kind: string;
  verified: NonNullable<ReportedFinding['advice']['verified']>;
}) {
  if (rung === 'suggested' && kind !== 'missing-index') return <p class="muted">not verified: {how}</p>;
  return (
    <p class="proof">
      <span class="rung">{rung}</span>: {before} → {after} <span class="muted">({how})</span>
    </p>
  );
}
