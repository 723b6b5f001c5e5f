import type { Investigation } from './investigation.js';
import { weigh } from './plan-weight.js';
import type { QueryPlan } from './query-plan.js';

/** A plan of another shape that costs this much more is a change for the worse. */
const DEARER = 1.5;

/** Whether a statement has got another plan that is dearer: a dropped index, stale statistics, a table that grew. */
function isDearerPlan(before: QueryPlan, now: QueryPlan): boolean {
  if (before.shape === now.shape || before.values !== now.values) return false;
  const unit = before.cost === undefined || now.cost === undefined ? 'rows' : 'cost';
  const [was, is] = [weigh(before, unit), weigh(now, unit)];
  return was !== undefined && is !== undefined && is > was * DEARER;
}

/** The plan before stays known while the statement is worse off than with it. */
export function withPrevious(investigation: Investigation, before: Investigation | undefined): Investigation {
  const { plan } = investigation;
  const previousPlan = [before?.plan, before?.previousPlan].find(
    (other) => other !== undefined && plan !== undefined && isDearerPlan(other, plan),
  );
  return previousPlan === undefined ? investigation : { ...investigation, previousPlan };
}
