import { reasonOf } from '../../sql/reason-of.js';
import type { FormRun } from './form-run.js';
import { judgeTrial, untried } from './judge-trial.js';
import type { Candidate, LoadingForm, LoadingTrial } from './loading-trial.js';
import type { Verification } from './verification.js';

/** Two forms, run on the same data. */
export interface TrialRuns {
  readonly today: FormRun;
  readonly advised: FormRun;
}

/** Runs today's form of a trial and another one. Rejects with the reason where that cannot be done. */
export type RunTrial = (trial: LoadingTrial, advised: LoadingForm) => Promise<TrialRuns>;

/** Tries one form after another until one helps. If none does, what came of the first one counts: it is what was advised. */
export async function tryCandidates(trial: LoadingTrial, run: RunTrial): Promise<Verification> {
  let first: Verification | undefined;
  for (const candidate of trial.candidates) {
    const verification = await tryOne(trial, candidate, run);
    if (verification.kind === 'confirmed') return withInstead(verification, candidate, first);
    first ??= verification;
    // What keeps one form from being run keeps the others as well, in most cases.
    if (verification.kind === 'untried') break;
  }
  return first ?? untried('nothing is known to try');
}

async function tryOne(trial: LoadingTrial, { form }: Candidate, run: RunTrial): Promise<Verification> {
  try {
    const { today, advised } = await run(trial, form);
    return judgeTrial(trial, today, advised);
  } catch (error) {
    return untried(reasonOf(error));
  }
}

function withInstead(
  verification: Extract<Verification, { kind: 'confirmed' }>,
  { instead }: Candidate,
  first: Verification | undefined,
): Verification {
  if (instead === undefined) return verification;
  const whyNot = first?.kind === 'withdrawn' ? { whyNot: first.whyNot } : {};
  return { ...verification, instead: { ...instead, ...whyNot } };
}
