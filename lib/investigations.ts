import type { AnalysedUnit } from './analysis/detector.js';
import { IndexReviews } from './index-reviews.js';
import type { InvestigationPorts, OpenedExplainer } from './investigation-ports.js';
import { explainable } from './investigation/explainable.js';
import type { Explainer } from './investigation/explainer.js';
import { adviseWorkload } from './investigation/investigate.js';
import type { Investigation, KnownInvestigations } from './investigation/investigation.js';
import { judgeStatement } from './investigation/judge-statement.js';
import { withPrevious } from './investigation/plan-change.js';
import { StatementSamples } from './investigation/statement-samples.js';
import type { Suspect } from './investigation/suspect.js';
import {
  namedSuspects,
  suspects,
  type NamedSuspect,
  type StatementIdentity,
} from './investigation/suspects.js';
import type { Examined } from './investigation/workload-index.js';
import { reasonOf } from './sql/reason-of.js';
import { Rounds } from './rounds.js';
import { dialectOf } from './sql/sql-dialect.js';
import type { SeenFinding } from './statistics/slow-query-findings.js';

/** A plan is read again when it is that old: statistics and tables change. */
const STALE_MS = 3_600_000;
/** Statements whose investigation is kept. */
export const MAX_INVESTIGATIONS = 200;

/**
 * Reads plans of few suspects, off the request path, one data source at a time, each with a connection that is closed
 * afterwards. Whatever goes wrong becomes a reason in the report.
 */
export class Investigations {
  private readonly samples: StatementSamples;
  private readonly found = new Map<string, Investigation>();
  private readonly examined = new Map<string, Examined>();
  private readonly reviews: IndexReviews;
  private readonly byDataSource = new Map<string, readonly SeenFinding[]>();
  private readonly rounds: Rounds;

  constructor(private readonly ports: InvestigationPorts) {
    this.samples = new StatementSamples(ports.options.useValues);
    this.rounds = new Rounds(ports.options, (error) => {
      ports.failed('investigation', error);
    });
    this.reviews = new IndexReviews(ports);
  }

  /** Keeps the texts of statements, to explain them later. */
  readonly note = (unit: AnalysedUnit): void => {
    if (this.ports.options.mode !== 'off') this.samples.add(unit);
  };

  /** Looks at the queue from time to time, until the answer is called. */
  start(): () => void {
    return this.rounds.start((maxStatements) => this.round(this.queue(STALE_MS), STALE_MS, maxStatements));
  }

  /** Looks at everything that is worth it, now. False where plans may not be read. */
  async all(): Promise<boolean> {
    if (this.ports.options.mode === 'off') return false;
    await this.rounds.run(() => this.round(this.queue(0), 0));
    return true;
  }

  /** Looks at one statement, now. False where it was not seen, or plans may not be read. */
  async one(statement: StatementIdentity): Promise<boolean> {
    const { options, statistics, thresholds } = this.ports;
    const named = namedSuspects(statistics, thresholds, statement);
    if (options.mode === 'off' || named.length === 0) return false;
    await this.rounds.run(() => this.round(named));
    return true;
  }

  reset(): void {
    this.samples.clear();
    this.found.clear();
    this.examined.clear();
    this.byDataSource.clear();
    this.reviews.reset();
  }

  get known(): KnownInvestigations {
    return this.found;
  }

  get findings(): readonly SeenFinding[] {
    return [...[...this.byDataSource.values()].flat(), ...this.reviews.findings];
  }

  /** Data sources whose existing indexes were looked at longer than `reviewStaleMs` ago are looked at as well. */
  private async round(
    chosen: readonly NamedSuspect[],
    reviewStaleMs = Infinity,
    maxStatements = Infinity,
  ): Promise<void> {
    const queue = chosen.flatMap((named) => this.explainable(named)).slice(0, maxStatements);
    const reviewed = new Set(this.reviews.due(reviewStaleMs));
    for (const dataSource of new Set([...queue.map((suspect) => suspect.dataSource), ...reviewed])) {
      if (this.rounds.isClosed) return;
      const own = queue.filter((suspect) => suspect.dataSource === dataSource);
      await this.investigate(dataSource, own, reviewed.has(dataSource));
    }
  }

  /** Those that were not looked at lately. */
  private queue(staleMs: number): readonly NamedSuspect[] {
    const { statistics, thresholds, now } = this.ports;
    return suspects(statistics, thresholds).filter(({ key }) => {
      const known = this.found.get(key);
      return known === undefined || now() - known.investigatedAt >= staleMs;
    });
  }

  /** With the text to explain, where that is known and may be explained. Others get their reason. */
  private explainable(named: NamedSuspect): readonly Suspect[] {
    const sample = this.samples.get(named.key);
    if (sample === undefined)
      return this.refuse(named, 'Its text is too long to be kept, or was not seen lately.');
    const dialect = dialectOf(this.ports.schemas().get(named.dataSource)?.driver ?? '');
    const read = explainable(sample.text, sample.values, dialect);
    return read.kind === 'refused'
      ? this.refuse(named, read.whyNot)
      : [{ ...named, statement: read.statement }];
  }

  private async investigate(
    dataSource: string,
    queue: readonly Suspect[],
    isReviewed: boolean,
  ): Promise<void> {
    if (isReviewed) this.reviews.started(dataSource);
    let opened: OpenedExplainer;
    try {
      opened = await this.ports.open(dataSource);
    } catch (error) {
      for (const suspect of queue) this.refuse(suspect, `Its plan could not be read: ${reasonOf(error)}.`);
      return;
    }
    try {
      for (const suspect of queue) await this.examine(opened.explainer, suspect);
      if (queue.length > 0) await this.advise(opened.explainer, dataSource);
      if (isReviewed && !this.rounds.isClosed) await this.reviews.review(opened.explainer, dataSource);
    } catch (error) {
      this.ports.failed('investigation', error);
    } finally {
      await opened.close().catch(() => undefined);
    }
  }

  private async examine(explainer: Explainer, suspect: Suspect): Promise<void> {
    if (this.rounds.isClosed) return;
    try {
      const judgement = await judgeStatement(explainer, suspect.statement);
      this.examined.set(suspect.key, { suspect, judgement });
      const { plan } = judgement.explained;
      this.keep({
        ...base(suspect),
        investigatedAt: this.ports.now(),
        plan,
        advice: [],
        ...(judgement.whyNot === undefined ? {} : { whyNot: judgement.whyNot }),
      });
    } catch (error) {
      this.examined.delete(suspect.key);
      this.refuse(suspect, `The database did not explain it: ${reasonOf(error)}.`);
    }
  }

  private async advise(explainer: Explainer, dataSource: string): Promise<void> {
    const examined = [...this.examined.values()].filter(({ suspect }) => suspect.dataSource === dataSource);
    if (this.rounds.isClosed || examined.length === 0) return;
    const schema = this.ports.schemas().get(dataSource);
    const { investigations, findings, indexes } = await adviseWorkload(explainer, dataSource, examined, {
      database: explainer.database,
      at: this.ports.now(),
      ...(schema === undefined ? {} : { schema }),
    });
    for (const investigation of investigations) this.keep(investigation);
    this.byDataSource.set(dataSource, findings);
    this.reviews.advised(dataSource, indexes);
  }

  private refuse(
    suspect: Pick<Suspect, 'key' | 'dataSource' | 'fingerprint'>,
    whyNot: string,
  ): readonly never[] {
    const investigatedAt = this.ports.now();
    this.keep({ ...base(suspect), investigatedAt, advice: [], whyNot });
    return [];
  }

  /** The plan before stays known while the statement is worse off than with it. */
  private keep(investigation: Investigation): void {
    const key = `${investigation.dataSource}\n${investigation.fingerprint}`;
    const before = this.found.get(key);
    const kept = withPrevious(investigation, before);
    this.found.delete(key);
    this.found.set(key, kept);
    for (const oldest of this.found.keys()) {
      if (this.found.size <= MAX_INVESTIGATIONS) return;
      this.found.delete(oldest);
      this.examined.delete(oldest);
    }
  }
}

type Place = Pick<Suspect, 'dataSource' | 'fingerprint'>;

function base({ dataSource, fingerprint }: Place): Place {
  return { dataSource, fingerprint };
}
