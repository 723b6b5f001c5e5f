import type { PlanNode, QueryPlan } from '../../lib/investigation/query-plan.js';
import { explainJson } from '../../lib/report/explain-json.js';
import { planFigures } from '../../lib/report/plan-figures.js';
import { countText, counted } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { Mark } from './badges.js';
import { CopyButton } from './copy-button.js';

/** How the database runs a statement: its steps as a tree, what each costs as a bar, and what usually costs. */
export function PlanTree({ plan }: { readonly plan: QueryPlan }) {
  const { database, version, root, warnings } = plan;
  const forViewer = explainJson(plan);
  return (
    <>
      <p class="muted">
        {database} {version}: {planFigures(plan)}
      </p>
      {forViewer !== undefined && (
        <p class="muted">
          <CopyButton text={forViewer} what="the plan as JSON" /> it as JSON for a plan viewer, for example{' '}
          <a href="https://explain.dalibo.com/" target="_blank" rel="noopener noreferrer">
            pev2 at explain.dalibo.com
          </a>
          . It holds names and costs, no values.
        </p>
      )}
      {warnings.length > 0 && (
        <ul class="lines">
          {warnings.map(({ text }) => (
            <li key={text}>
              <Mark state="warning" />
              <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
      <ul class="tree plan">
        <Step node={root} />
      </ul>
    </>
  );
}

function Step({ node }: { readonly node: PlanNode }) {
  const { operation, relation, alias, index, isCostliest, costShare, children } = node;
  const name = alias === undefined || alias === relation ? relation : `${relation ?? ''} ${alias}`;
  return (
    <li>
      <span class={`node ${isCostliest === true ? 'to-change' : ''}`}>
        <span class="entity">{operation}</span>
        {name !== undefined && <span class="property">{name}</span>}
        {index !== undefined && <span class="badge plain">{index}</span>}
        <span class="muted">{figures(node)}</span>
        {costShare !== undefined && costShare > 0 && (
          <span class="split share" aria-hidden="true">
            <span class="execute" style={{ width: `${String(percent(costShare))}%` }} />
          </span>
        )}
      </span>
      {conditions(node).map((text) => (
        <p key={text} class="condition">
          <code>{text}</code>
        </p>
      ))}
      {children.length > 0 && (
        <ul>
          {children.map((child, at) => (
            <Step key={at} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function figures({ rowsEstimated, rowsActual, rowsRemoved, loops, timeMs, costShare }: PlanNode): string {
  return [
    ...(rowsActual === undefined ? [] : [counted(rowsActual, 'row')]),
    ...(rowsEstimated === undefined ? [] : [`${counted(rowsEstimated, 'row')} expected`]),
    ...(rowsRemoved === undefined || rowsRemoved === 0 ? [] : [`${countText(rowsRemoved)} thrown away`]),
    ...(loops > 1 ? [`${countText(loops)} times`] : []),
    ...(timeMs === undefined ? [] : [durationText(timeMs)]),
    ...(costShare === undefined ? [] : [`${String(percent(costShare))} % of the cost`]),
  ].join(' · ');
}

function conditions({ condition, filter, sortKeys }: PlanNode): readonly string[] {
  return [
    ...(condition === undefined ? [] : [condition]),
    ...(filter === undefined ? [] : [`filter ${filter}`]),
    ...(sortKeys === undefined || sortKeys.length === 0 ? [] : [`by ${sortKeys.join(', ')}`]),
  ];
}

function percent(share: number): number {
  return Math.round(100 * share);
}
