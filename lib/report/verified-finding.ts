import type { Finding } from '../analysis/finding.js';
import type { Verification } from '../investigation/loading/verification.js';
import type { SeenFinding } from '../statistics/slow-query-findings.js';

/** What came of trying advice, by the id of the finding. */
export type Verifications = ReadonlyMap<string, Verification>;

/** Stands where an advice was, once it has been tried and did not help. */
const NO_CHANGE = 'No change: what is usually advised was tried here, and did not help.';

/** A finding with the proof of its advice; without the advice where that was withdrawn. */
export function verifiedFinding<Seen extends Pick<SeenFinding, 'id' | 'finding'>>(
  seen: Seen,
  verifications: Verifications,
): Seen {
  const verification = verifications.get(seen.id);
  return verification === undefined ? seen : { ...seen, finding: verified(seen.finding, verification) };
}

function verified(finding: Finding, verification: Verification): Finding {
  const { advice } = finding;
  switch (verification.kind) {
    case 'confirmed':
      return { ...finding, advice: { ...advice, verified: verification.verified } };
    case 'withdrawn':
      return { ...finding, advice: { text: withdrawnText(finding) }, whyNot: verification.whyNot };
    case 'untried':
      return {
        ...finding,
        advice: {
          ...advice,
          verified: { rung: 'suggested', before: 'as today', after: 'not tried', how: verification.whyNot },
        },
      };
  }
}

/** TypeORM's `query` strategy is slow where it has to hand out many children; one statement of the user's own is not. */
function withdrawnText({ kind, advice: { choice } }: Finding): string {
  return kind === 'n-plus-one' && choice === 'query'
    ? `${NO_CHANGE} What was not tried: all children with one findBy() beside the list, by In(keys), put into a Map.`
    : NO_CHANGE;
}
