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
      return { ...finding, advice: { ...insteadOf(advice, verification), verified: verification.verified } };
    case 'withdrawn':
      return { ...finding, advice: { text: NO_CHANGE }, whyNot: verification.whyNot };
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

/** What was tried first, and what came of it, stands behind what helps. */
function insteadOf(
  advice: Finding['advice'],
  { instead }: Extract<Verification, { kind: 'confirmed' }>,
): Finding['advice'] {
  if (instead === undefined) return advice;
  const { whyNot, text, ...rest } = instead;
  return { ...rest, text: whyNot === undefined ? text : `${text} ${whyNot}` };
}
