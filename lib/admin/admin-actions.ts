import type { QueryLensService } from '../query-lens.service.js';

/** What an action is about, as the request says; nothing of it is trusted. */
export interface ActionTarget {
  readonly fingerprint?: string;
  readonly dataSource?: string;
  /** Id of a finding. */
  readonly finding?: string;
}

/** Does it. Answers why not, where there is nothing such to do. */
type Act = (lens: QueryLensService, target: ActionTarget) => Promise<string | undefined>;

/** One thing that a reader may do besides reading. */
export interface AdminAction {
  readonly act: Act;
  /** Asks a database for something: rated for all readers together. */
  readonly isCostly?: true;
}

const NO_STATEMENT = 'This statement was not seen, or gave way to newer ones.';
const NOTHING_TO_VERIFY = 'Nothing of this finding can be verified.';

/** What can be done besides reading. */
const ACTIONS: Readonly<Record<string, AdminAction>> = {
  reset: { act: (lens) => done(lens.reset()) },
  pause: {
    act: (lens) => {
      lens.pause();
      return done();
    },
  },
  resume: {
    act: (lens) => {
      lens.resume();
      return done();
    },
  },
  /** The plan of one statement, or of everything worth it. */
  investigate: {
    isCostly: true,
    act: async (lens, { fingerprint, dataSource }) => {
      const statement = fingerprint === undefined ? undefined : { fingerprint, dataSource };
      return (await lens.investigate(statement)) ? undefined : NO_STATEMENT;
    },
  },
  /** What an advice promises, tried again. */
  verify: {
    isCostly: true,
    act: async (lens, { finding: id }) => {
      const finding = (await lens.findings()).find((one) => one.id === id);
      // What waits to be loaded again is tried together.
      if (finding !== undefined && VERIFIED_BY_LOADING.has(finding.kind) && lens.canVerifyLoading)
        return (await lens.investigate()) ? undefined : NOTHING_TO_VERIFY;
      if (finding?.statement === undefined || !VERIFIED_BY_PLAN.has(finding.kind)) return NOTHING_TO_VERIFY;
      const { statement, dataSource } = finding;
      return (await lens.investigate({ fingerprint: statement.fingerprint, dataSource }))
        ? undefined
        : NO_STATEMENT;
    },
  },
};

/** Their loads are run again, in today's form and the advised one: see `verifyAdvice`. */
const VERIFIED_BY_LOADING: ReadonlySet<string> = new Set([
  'n-plus-one',
  'double-load',
  'cartesian-product',
  'unused-relation',
  'unused-columns',
]);

/** Their advice comes from a plan: it is read again, and the indexes are tried again. */
const VERIFIED_BY_PLAN: ReadonlySet<string> = new Set(['slow-query', 'missing-index']);

export const ACTION_NAMES: readonly string[] = Object.keys(ACTIONS);

/** Undefined for a name that is none. */
export function actionOf(name: string): AdminAction | undefined {
  return Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
}

/** What a reader may do: without investigations neither plans nor proofs. */
export function possibleActions(names: readonly string[], lens: QueryLensService): readonly string[] {
  return names.filter((name) => lens.canInvestigate || actionOf(name)?.isCostly !== true);
}

async function done(work?: Promise<unknown>): Promise<undefined> {
  await work;
}
