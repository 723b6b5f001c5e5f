import type { Analysis } from '../../../lib/analysis/analyse.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { runTrial } from '../../../lib/capture/typeorm/replay/run-trial.js';
import { unseen } from '../../../lib/context/unseen.js';
import type { FormRun } from '../../../lib/investigation/loading/form-run.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { untried } from '../../../lib/investigation/loading/judge-trial.js';
import type { LoadingTrial } from '../../../lib/investigation/loading/loading-trial.js';
import { planTrial } from '../../../lib/investigation/loading/plan-trial.js';
import { tryCandidates } from '../../../lib/investigation/loading/try-candidates.js';
import type { Verification } from '../../../lib/investigation/loading/verification.js';

/** A finding, and what came of trying its advice; undefined where there is nothing to try. */
export interface Tried {
  readonly finding: Finding;
  readonly today?: FormRun;
  readonly advised?: FormRun;
  readonly verification?: Verification;
}

const OPTIONS = {
  timeoutMs: 60_000,
  canBorrow: true,
  borrowOption: 'verifyAdvice.borrowConnection',
  maxMs: 60_000,
  maxRows: 20_000,
  maxStatements: 1_000,
};

/** Tries the advice of every finding of a unit, as the application does it. Times are not judged: a busy machine makes anything slow. Bytes are not the same everywhere. */
export async function tryAll(
  { analysed, findings }: Analysis,
  dataSource: object,
  options: Partial<typeof OPTIONS> = {},
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const finding of findings) {
    const plan = planTrial(finding, analysed, DEFAULT_THRESHOLDS);
    if (plan === undefined) tried.push({ finding });
    else if ('today' in plan) tried.push({ finding, ...(await tryPlan(plan, dataSource, options)) });
    else tried.push({ finding, verification: untried(plan.whyNot) });
  }
  return tried;
}

/** As {@link tryAll}, for one trial. */
export async function tryPlan(
  plan: LoadingTrial,
  dataSource: object,
  options: Partial<typeof OPTIONS> = {},
): Promise<Omit<Tried, 'finding'>> {
  const ran: { today?: FormRun; advised?: FormRun } = {};
  const verification = await tryCandidates(plan, async (trial, form) => {
    const runs = await unseen(() => runTrial(dataSource, trial, form, { ...OPTIONS, ...options }));
    const [today, advised] = [plainFigures(runs.today, 1), plainFigures(runs.advised, 0.6)];
    Object.assign(ran, { today, advised });
    return { today, advised };
  });
  return { verification, ...ran };
}

/** `n-plus-one Author.books: 5 statements, 1 ms -> 1 statement, 1 ms, same 12 entities`. */
export function summary({ finding: { kind, relation }, verification }: Tried): string {
  return `${kind} ${relation ?? ''}: ${outcome(verification)}`;
}

function outcome(verification: Verification | undefined): string {
  if (verification === undefined) return 'nothing to try';
  if (verification.kind !== 'confirmed') return `${verification.kind}, ${verification.whyNot}`;
  const { before, after, how } = verification.verified;
  const { instead } = verification;
  const other = instead === undefined ? '' : `; instead: ${instead.code?.split('\n').at(-1) ?? ''}`;
  return `${before} -> ${after}, ${how}${other}`;
}

function plainFigures({ figures: { bytes: _bytes, ...figures }, ...run }: FormRun, ms: number): FormRun {
  return { ...run, figures: { ...figures, ms } };
}
