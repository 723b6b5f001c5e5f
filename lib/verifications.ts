import type { AnalysedUnit } from './analysis/detector.js';
import type { Finding } from './analysis/finding.js';
import type { TrialRuns } from './capture/typeorm/replay/run-trial.js';
import { judgeTrial, untried } from './investigation/loading/judge-trial.js';
import type { LoadingTrial } from './investigation/loading/loading-trial.js';
import {
  planTrial,
  planWithout,
  watchedKey,
  watchedLoads,
  type KeptLoad,
} from './investigation/loading/plan-trial.js';
import type { Verification } from './investigation/loading/verification.js';
import { Rounds } from './rounds.js';
import { reasonOf } from './sql/reason-of.js';
import type { SeenFinding } from './statistics/slow-query-findings.js';
import type { VerifyAdviceOptions } from './verify-advice-options.js';

/** What verifications need of the application around them. */
export interface VerificationPorts {
  readonly options: VerifyAdviceOptions;
  /** Under which id a finding is reported. */
  readonly idOf: (finding: Finding) => string;
  /** The costliest occurrence so far: the one that is shown. */
  readonly costliest: (id: string) => Finding | undefined;
  /** What was found in the totals only, not in one unit of work. */
  readonly unread: () => readonly SeenFinding[];
  /** Rejects with the reason where it cannot be done. */
  readonly run: (trial: LoadingTrial) => Promise<TrialRuns>;
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
      const trial = planTrial(finding, unit);
      if (trial !== undefined) this.wait(id, trial);
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
      const verification = await this.verify(trial);
      keep(this.found, id, { verification, at: this.ports.now() }, MAX_VERIFICATIONS);
    }
  }

  private lookAtTotals(): void {
    for (const { id, finding } of this.ports.unread()) {
      if (finding.kind !== 'unused-relation') continue;
      const load = this.watched.get(watchedKey(finding.dataSource, finding.statement?.fingerprint ?? ''));
      const trial = load && planWithout(finding, load);
      if (trial !== undefined) this.wait(id, trial);
    }
  }

  /** What was tried lately is not tried again, unless it could not be. */
  private wait(id: string, trial: LoadingTrial): void {
    const known = this.found.get(id);
    const isFresh = known !== undefined && this.ports.now() - known.at < STALE_MS;
    if (isFresh && known.verification.kind !== 'untried') return;
    keep(this.waiting, id, trial, MAX_WAITING_TRIALS);
  }

  private async verify(trial: LoadingTrial): Promise<Verification> {
    try {
      const { today, advised } = await this.ports.run(trial);
      return judgeTrial(trial, today, advised);
    } catch (error) {
      return untried(reasonOf(error));
    }
  }
}

/** The newest stay. */
function keep<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
