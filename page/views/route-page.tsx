import { changeText } from '../../lib/report/change-text.js';
import { entityGraphs } from '../../lib/report/entity-graph.js';
import { subjectText } from '../../lib/report/finding-line.js';
import type {
  LoadingStrategyReport,
  ReportedFinding,
  RouteReport,
  SlowQueryReport,
} from '../../lib/report/report.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark, VerdictBadge } from '../parts/badges.js';
import { Code } from '../parts/code.js';
import { EntityTree } from '../parts/entity-tree.js';
import { Figures } from '../parts/facts.js';
import { SplitBar } from '../parts/split-bar.js';
import { ViewHead } from '../parts/view-head.js';

interface RoutePageProps {
  readonly name: string;
  readonly route: RouteReport | undefined;
}

/** One route: its figures, the graph of what it loads, the verdicts with their code, its findings and statements. */
export function RoutePage({ name, route }: RoutePageProps) {
  const { data: all = [] } = useLoaded<readonly LoadingStrategyReport[]>('loading-strategies');
  const { data: findings = [] } = useLoaded<readonly ReportedFinding[]>('findings');
  const { data: statements = [] } = useLoaded<readonly SlowQueryReport[]>('slow-queries');
  const rows = all.filter((row) => row.route === name);
  const own = findings.filter((finding) => finding.route === name);
  const asked = statements.filter(({ routes }) => routes.includes(name));
  return (
    <article>
      <ViewHead
        title={name}
        about={route === undefined ? undefined : counted(route.units, 'unit of work', 'units of work')}
        json="routes"
        back={{ href: '#/routes', text: 'Routes' }}
      />
      {route !== undefined && <RouteFigures route={route} />}
      {own.length > 0 && <RouteFindings findings={own} />}
      {rows.length > 0 && <RouteGraph rows={rows} />}
      <Verdicts rows={rows.filter(({ verdict }) => verdict.choice !== 'keep')} />
      {asked.length > 0 && <RouteStatements statements={asked} />}
    </article>
  );
}

function RouteFigures({
  route: { durationMs, queries, timeMs, rows, failures, dataSources },
}: {
  readonly route: RouteReport;
}) {
  return (
    <>
      <Figures
        facts={[
          { name: 'p50', value: durationText(durationMs.p50) },
          { name: 'p95', value: durationText(durationMs.p95) },
          { name: 'p99', value: durationText(durationMs.p99) },
          { name: 'statements, p95', value: countText(queries.p95) },
          { name: 'rows', value: countText(rows) },
          { name: 'failed', value: countText(failures), ...(failures > 0 && { tone: 'error' }) },
        ]}
      />
      <div class="split-line">
        <SplitBar {...timeMs} />
        <p class="legend">
          <span class="key wait">{durationText(timeMs.wait)} waiting</span>
          <span class="key execute">{durationText(timeMs.execute)} executing</span>
          <span class="key hydrate">{durationText(timeMs.hydrate)} making entities</span>
        </p>
      </div>
      {dataSources.some(({ name, replica }) => name !== 'default' || replica !== undefined) && (
        <p class="muted">Asked of {dataSources.map(sourceText).join(', ')}</p>
      )}
    </>
  );
}

/** `default: 12 statements, 8 of them on replicas` */
function sourceText({ name, queries, replica }: RouteReport['dataSources'][number]): string {
  const onReplica = replica === undefined ? '' : `, ${countText(replica)} of them on replicas`;
  return `${name}: ${counted(queries, 'statement')}${onReplica}`;
}

function RouteFindings({ findings }: { readonly findings: readonly ReportedFinding[] }) {
  return (
    <section aria-labelledby="route-findings">
      <h2 id="route-findings">Findings</h2>
      <ul class="lines">
        {findings.map((finding) => (
          <li key={finding.id}>
            <Mark state={finding.severity} />
            <a href={hashOf('findings', finding.id)}>
              <span class="kind">{finding.kind}</span> {subjectText(finding)}
            </a>
            <span class="muted">{finding.title}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RouteGraph({ rows }: { readonly rows: readonly LoadingStrategyReport[] }) {
  return (
    <section aria-labelledby="graph">
      <h2 id="graph">What it loads</h2>
      {entityGraphs(rows).map((graph) => (
        <EntityTree key={graph.route} graph={graph} />
      ))}
    </section>
  );
}

/** Relations that one call can load share its code, which is written once. */
function Verdicts({ rows }: { readonly rows: readonly LoadingStrategyReport[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="verdicts">
      <h2 id="verdicts">How it should be loaded</h2>
      <ul class="verdicts">
        {rows.map((row, at) => {
          const { verdict, relation, strategy } = row;
          const isLast = !rows.slice(at + 1).some((other) => other.verdict.code === verdict.code);
          return (
            <li key={`${relation} ${strategy} ${row.fieldPath ?? ''}`}>
              <p>
                <strong>{relation}</strong> <span class="muted">{strategy} →</span>{' '}
                <VerdictBadge choice={verdict.choice} /> {verdict.why}
                <span class="muted"> {changeText(row)}</span>
              </p>
              {verdict.code !== undefined && isLast && <Code code={verdict.code} />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const MAX_STATEMENTS = 20;

function RouteStatements({ statements }: { readonly statements: readonly SlowQueryReport[] }) {
  return (
    <section aria-labelledby="statements">
      <h2 id="statements">Statements</h2>
      <ul class="lines">
        {statements
          .slice(0, MAX_STATEMENTS)
          .map(({ fingerprint, dataSource, statement, count, p95Ms, isSlow }) => (
            <li key={`${dataSource} ${fingerprint}`}>
              <Mark state={isSlow ? 'warning' : 'good'} />
              <a href={hashOf('slow-queries', fingerprint)}>{statementName(statement)}</a>
              <span class="muted">
                {counted(count, 'call')} on all routes, p95 {durationText(p95Ms)}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
