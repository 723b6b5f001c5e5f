import type { Thresholds } from '../analysis/thresholds.js';
import type { Choice, JudgedRelation, RelationFinding } from './judged-relation.js';
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
    const measured = measuredVerdict(choice);
    if (measured !== undefined) return measured;
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

/** What helps when both were run, where that is another form than the figures of the route suggest. */
function measuredVerdict(choice: Choice): Verdict | undefined {
  const { relation, ground, finding } = choice;
  const { choice: better, verified, text = '', code } = finding?.advice ?? {};
  const isOther = better === 'batch' || (better === 'query' && choice.choice === 'join');
  if (verified?.rung !== 'measured' || better === undefined || !isOther || better === choice.choice)
    return undefined;
  if (choice.choice !== 'join' && choice.choice !== 'query') return undefined;
  if (ground === 'cartesian' && !text.includes(relation.relation))
    return { choice: 'keep', why: 'It can stay joined, once what is joined beside it is loaded apart.' };
  const expected = expectedAfter({ ...choice, choice: better, isInQueryFind: undefined });
  return {
    choice: better,
    why: text,
    ...(code === undefined ? {} : { code }),
    ...(expected === undefined ? {} : { expected }),
  };
}
