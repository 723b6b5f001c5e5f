import type { AnalysedUnit } from './analysis/detector.js';
import type { Finding } from './analysis/finding.js';
import type { Thresholds } from './analysis/thresholds.js';
import { untried } from './investigation/loading/judge-trial.js';
import type { KeptLoad } from './investigation/loading/kept-load.js';
import type { LoadingTrial, NoTrial } from './investigation/loading/loading-trial.js';
import { planTrial } from './investigation/loading/plan-trial.js';
import { planUnread, watchedKey, watchedLoads } from './investigation/loading/plan-unread.js';
import { tryCandidates, type RunTrial } from './investigation/loading/try-candidates.js';
import type { Verification } from './investigation/loading/verification.js';
import { Rounds } from './rounds.js';
import type { SeenFinding } from './statistics/slow-query-findings.js';
import type { VerifyAdviceOptions } from './verify-advice-options.js';

/** What verifications need of the application around them. */
export interface VerificationPorts {
  readonly options: VerifyAdviceOptions;
  readonly thresholds: Pick<Thresholds, 'unboundedRows'>;
  /** Under which id a finding is reported. */
  readonly idOf: (finding: Finding) => string;
  /** The costliest occurrence so far: the one that is shown. */
  readonly costliest: (id: string) => Finding | undefined;
  /** What was found in the totals only, not in one unit of work. */
  readonly unread: () => readonly SeenFinding[];
  readonly run: RunTrial;
  readonly now: () => number;
  readonly failed: (where: string, error: unknown) => void;
}

/** Findings whose loads are kept until they are run again. */
export const MAX_WAITING_TRIALS = 50;
/** Watched loads that are kept for advice on what they load for nothing. */
export const MAX_KEPT_LOADS = 100;
/** Findings whose verification is kept. */
export const MAX_VERIFICATIONS = 500;
/** An advice is tried again when its verification is that old: data changes. */
const STALE_MS = 3_600_000;

/**
 * Tries advice on loading, off the request path, a few findings a minute: runs today's form and the advised form on the
 * same data, and keeps what came of it. Of what the application loaded nothing is kept but its options and parameters,
 * and those only until they were run.
 */
export class Verifications {
  private readonly waiting = new Map<string, LoadingTrial>();
  private readonly watched = new Map<string, KeptLoad>();
  private readonly found = new Map<string, { readonly verification: Verification; readonly at: number }>();
  private readonly rounds: Rounds;

  constructor(private readonly ports: VerificationPorts) {
    this.rounds = new Rounds(ports.options, (error) => {
      ports.failed('verification', error);
    });
  }

  /** Keeps the loads of findings, to run them again. */
  readonly note = (unit: AnalysedUnit, findings: readonly Finding[]): void => {
    if (unit.unit.replays === undefined) return;
    for (const finding of findings) {
      const id = this.ports.idOf(finding);
      const isShown = this.ports.costliest(id)?.evidence === finding.evidence;
      if (this.waiting.has(id) && !isShown) continue;
      this.wait(id, planTrial(finding, unit, this.ports.thresholds));
    }
    for (const [key, load] of watchedLoads(unit)) keep(this.watched, key, load, MAX_KEPT_LOADS);
  };

  start(): () => void {
    return this.rounds.start((maxTrials) => this.round(maxTrials));
  }

  /** Tries everything that waits, now. False where nothing may be tried. */
  async all(): Promise<boolean> {
    if (this.ports.options.mode === 'off') return false;
    await this.rounds.run(() => this.round(Infinity));
    return true;
  }

  /** By the id of the finding. */
  get known(): ReadonlyMap<string, Verification> {
    return new Map([...this.found].map(([id, { verification }]) => [id, verification]));
  }

  reset(): void {
    this.waiting.clear();
    this.watched.clear();
    this.found.clear();
  }

  private async round(maxTrials: number): Promise<void> {
    this.lookAtTotals();
    for (const [id, trial] of [...this.waiting].slice(0, maxTrials)) {
      if (this.rounds.isClosed) return;
      this.waiting.delete(id);
      this.remember(id, await tryCandidates(trial, this.ports.run));
    }
  }

  private lookAtTotals(): void {
    for (const { id, finding } of this.ports.unread()) {
      const load = this.watched.get(watchedKey(finding.dataSource, finding.statement?.fingerprint ?? ''));
      this.wait(id, planUnread(finding, load));
    }
  }

  /** What was tried lately is not tried again, unless it could not be. */
  private wait(id: string, plan: LoadingTrial | NoTrial | undefined): void {
    const known = this.found.get(id);
    const isFresh = known !== undefined && this.ports.now() - known.at < STALE_MS;
    if (plan === undefined || (isFresh && known.verification.kind !== 'untried')) return;
    if ('today' in plan) keep(this.waiting, id, plan, MAX_WAITING_TRIALS);
    else this.remember(id, untried(plan.whyNot));
  }

  private remember(id: string, verification: Verification): void {
    keep(this.found, id, { verification, at: this.ports.now() }, MAX_VERIFICATIONS);
  }
}

/** The newest stay. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
