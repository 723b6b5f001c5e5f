import type { AdviceContext } from './advice-context.js';
import { indexAdvice, missingIndexFinding } from './index-findings.js';
import type { IndexDefinition } from './index-definition.js';
import type { Investigation } from './investigation.js';
import type { Explainer } from './explainer.js';
import { workloadIndexes } from './workload.js';
import type { Examined, WorkloadIndex } from './workload-index.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';

/** What came out of one data source. */
export interface WorkloadAdvice {
  readonly investigations: readonly Investigation[];
  readonly findings: readonly SeenFinding[];
  readonly indexes: readonly IndexDefinition[];
}

/** The indexes that all statements of a data source are worth together, told to each of them. */
export async function adviseWorkload(
  explainer: Explainer,
  dataSource: string,
  examined: readonly Examined[],
  context: AdviceContext,
): Promise<WorkloadAdvice> {
  const { indexes, refused } = await workloadIndexes(explainer, examined);
  return {
    investigations: examined.map((each) => investigationOf(each, indexes, refused, context)),
    indexes: indexes.map(({ index }) => index),
    findings: indexes.map((index) => missingIndexFinding(index, dataSource, context)),
  };
}

function investigationOf(
  { suspect, judgement }: Examined,
  indexes: readonly WorkloadIndex[],
  refused: ReadonlyMap<string, string>,
  context: AdviceContext,
): Investigation {
  const advice = indexes.flatMap((index) =>
    index.served
      .filter((served) => served.suspect.key === suspect.key)
      .map((served) => indexAdvice(index, served, context)),
  );
  const whyNot = advice.length > 0 ? undefined : (judgement.whyNot ?? refused.get(suspect.key) ?? NOT_ENOUGH);
  return {
    dataSource: suspect.dataSource,
    fingerprint: suspect.fingerprint,
    investigatedAt: context.at,
    plan: judgement.explained.plan,
    advice,
    ...(whyNot === undefined ? {} : { whyNot }),
  };
}

const NOT_ENOUGH = 'The indexes suggested for other statements leave less than half of its cost to win.';
