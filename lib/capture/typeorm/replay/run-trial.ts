import { isClearlySlower } from '../../../investigation/loading/judge-trial.js';
import type { FormRun } from '../../../investigation/loading/form-run.js';
import type { LoadingForm, LoadingTrial } from '../../../investigation/loading/loading-trial.js';
import type { TrialRuns } from '../../../investigation/loading/try-candidates.js';
import { openReadSession, type ReadSessionOptions } from '../explain-session/open-read-session.js';
import type { ReplayDataSourceShape } from './replay-shapes.js';
import { ReplayRunner, type ReplayLimits } from './replay-runner.js';
import { runForm } from './run-form.js';

/** Both forms are run once more, because a new connection is slow at first; and again while the advised one is slower. */
const MAX_AGAIN = 4;

/**
 * Runs today's form and the advised one on a connection beside the application's, in one read-only transaction.
 *
 * @throws Error where it cannot be done; the message says why
 */
export async function runTrial(
  dataSource: object,
  { today: form, server }: Pick<LoadingTrial, 'today' | 'server'>,
  advisedForm: LoadingForm,
  options: Omit<ReadSessionOptions, 'isOnReplica'> & ReplayLimits,
): Promise<TrialRuns> {
  const source = dataSource as ReplayDataSourceShape;
  if (isAlwaysCached(source))
    throw new Error("TypeORM's result cache answers every statement of this data source");
  const session = await openReadSession(dataSource, { ...options, isOnReplica: server === 'replica' });
  try {
    return await session.read(async (send, receivedBytes) => {
      const { dialect } = session;
      const run = (each: LoadingForm): Promise<FormRun> =>
        runForm(each, source, new ReplayRunner(source, { dialect, send, receivedBytes }, options));
      let advised = await run(advisedForm);
      let today = await run(form);
      for (let again = 0; again < MAX_AGAIN; again++) {
        if (again > 0 && !isClearlySlower(today.figures, advised.figures)) break;
        advised = faster(advised, await run(advisedForm));
        today = faster(today, await run(form));
      }
      return { today, advised };
    });
  } finally {
    await session.close().catch(() => undefined);
  }
}

function faster(a: FormRun, b: FormRun): FormRun {
  return b.figures.ms < a.figures.ms ? b : a;
}

function isAlwaysCached({ options }: ReplayDataSourceShape): boolean {
  const { cache } = options as { cache?: { alwaysEnabled?: boolean } };
  return cache?.alwaysEnabled === true;
}
