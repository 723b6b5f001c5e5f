import type { Analysis } from '../../../lib/analysis/analyse.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { runTrial } from '../../../lib/capture/typeorm/replay/run-trial.js';
import { unseen } from '../../../lib/context/unseen.js';
import type { FormRun } from '../../../lib/investigation/loading/form-run.js';
import { judgeTrial } from '../../../lib/investigation/loading/judge-trial.js';
import { planTrial } from '../../../lib/investigation/loading/plan-trial.js';
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
    const trial = planTrial(finding, analysed);
    if (trial === undefined) {
      tried.push({ finding });
      continue;
    }
    const runs = await unseen(() => runTrial(dataSource, trial, { ...OPTIONS, ...options }));
    const [today, advised] = [plainFigures(runs.today), plainFigures(runs.advised)];
    tried.push({ finding, today, advised, verification: judgeTrial(trial, today, advised) });
  }
  return tried;
}

/** `n-plus-one Author.books: 5 statements, 1 ms -> 1 statement, 1 ms, same 12 entities`. */
export function summary({ finding: { kind, relation }, verification }: Tried): string {
  return `${kind} ${relation ?? ''}: ${outcome(verification)}`;
}

function outcome(verification: Verification | undefined): string {
  if (verification === undefined) return 'nothing to try';
  if (verification.kind !== 'confirmed') return `${verification.kind}, ${verification.whyNot}`;
  const { before, after, how } = verification.verified;
  return `${before} -> ${after}, ${how}`;
}

function plainFigures({ figures: { bytes: _bytes, ...figures }, ...run }: FormRun): FormRun {
  return { ...run, figures: { ...figures, ms: 1 } };
}
