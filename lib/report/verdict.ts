import type { Thresholds } from '../analysis/thresholds.js';
import type { JudgedRelation, RelationFinding } from './judged-relation.js';
import type { Verdict } from './report.js';
import { chooseVerdicts } from './verdict-choice.js';
import { verdictCode } from './verdict-code.js';
import { expectedAfter, whyNoFigures } from './verdict-expected.js';
import { verdictWhy } from './verdict-why.js';

/**
 * One verdict for each relation of one route and data source, in the given order. RULINGS, "The loading-strategy
 * verdict": the choice rests on measured rows, and what was advised is `keep` once it was followed.
 */
export function judgeRoute(
  relations: readonly JudgedRelation[],
  findings: readonly RelationFinding[],
  thresholds: Pick<Thresholds, 'unboundedRows'>,
): readonly Verdict[] {
  const choices = chooseVerdicts(relations, findings, thresholds);
  return choices.map((choice): Verdict => {
    // Its advice was tried and withdrawn: what is there stays.
    const { whyNot } = choice.finding ?? {};
    if (whyNot !== undefined) return { choice: 'keep', why: whyNot };
    const code = verdictCode(choice, choices);
    const expected = expectedAfter(choice);
    const noFigures = whyNoFigures(choice);
    return {
      choice: choice.choice,
      why: verdictWhy(choice),
      ...(code === undefined ? {} : { code }),
      ...(expected === undefined ? {} : { expected }),
      ...(noFigures === undefined ? {} : { whyNoFigures: noFigures }),
    };
  });
}
