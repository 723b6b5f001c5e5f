import type { Thresholds } from '../analysis/thresholds.js';
import {
  investigationKey,
  type Investigation,
  type KnownInvestigations,
} from '../investigation/investigation.js';
import { weigh, weightText, weightUnit } from '../investigation/plan-weight.js';
import { planShape } from '../investigation/plan-shape.js';
import { isSlow } from '../statistics/is-slow.js';
import { slowQueryFinding, slowQueryFindings, type SeenFinding } from '../statistics/slow-query-findings.js';
import type { Statistics } from '../statistics/statistics.js';

/** Slow statements, and those whose plan has become dearer, with what is known of their plans. */
export function investigatedFindings(
  statistics: Statistics,
  thresholds: Thresholds,
  investigations: KnownInvestigations,
): readonly SeenFinding[] {
  const changed = [...statistics.statements.values()].filter(
    (entry) =>
      !isSlow(entry, thresholds) &&
      investigations.get(investigationKey(entry.dataSource, entry.fingerprint))?.previousPlan !== undefined,
  );
  return [...slowQueryFindings(statistics, thresholds), ...changed.map(slowQueryFinding)].map((seen) => {
    const { dataSource, statement } = seen.finding;
    const known = investigations.get(investigationKey(dataSource, statement?.fingerprint ?? ''));
    return known === undefined ? seen : withInvestigation(seen, known);
  });
}

function withInvestigation(seen: SeenFinding, investigation: Investigation): SeenFinding {
  const { whyNot: _whyNot, ...finding } = seen.finding;
  const [advice] = investigation.advice;
  const { whyNot } = investigation;
  const change = changeOf(investigation);
  return {
    ...seen,
    finding: {
      ...finding,
      ...(advice === undefined ? {} : { advice }),
      ...(whyNot === undefined ? {} : { whyNot }),
      ...(change === undefined
        ? {}
        : {
            evidence: {
              text: `${finding.evidence.text} ${change.text}`,
              facts: { ...finding.evidence.facts, ...change.facts },
            },
          }),
    },
  };
}

function changeOf({
  plan,
  previousPlan,
}: Investigation): { text: string; facts: Record<string, string> } | undefined {
  if (plan === undefined || previousPlan === undefined) return undefined;
  const unit = weightUnit(plan);
  const costs = [previousPlan, plan].map((each) => {
    const weight = weigh(each, unit);
    return weight === undefined ? '' : ` (${weightText(weight, unit)})`;
  });
  const [before, after] = [planShape(previousPlan.root), planShape(plan.root)];
  return {
    text: `Its plan has changed for the worse: ${before}${costs[0] ?? ''} became ${after}${costs[1] ?? ''}.`,
    facts: { planBefore: before, planAfter: after },
  };
}
