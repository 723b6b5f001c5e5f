import type { AnalysedUnit } from './analysis/detector.js';
import type { Finding } from './analysis/finding.js';
import { runTrial } from './capture/typeorm/replay/run-trial.js';
import { unseen } from './context/unseen.js';
import type { StatementIdentity } from './investigation/suspects.js';
import { Investigations } from './investigations.js';
import type { KnownDataSources } from './known-data-sources.js';
import { openExplainer } from './open-explainer.js';
import type { ResolvedOptions } from './options.js';
import type { OwnFailures } from './own-failures.js';
import type { ReportFacts } from './report/build-report.js';
import type { ShownFindings } from './shown-findings.js';
import { readFindings } from './statistics/read-findings.js';
import type { Statistics } from './statistics/statistics.js';
import { Verifications } from './verifications.js';

/** Statements that one form of loading may send. */
export const MAX_TRIAL_STATEMENTS = 1_000;

/** What QueryLens itself asks the databases of one application, off the request path: plans, and loads run again. */
export class OwnQuestions {
  private readonly investigations: Investigations;
  private readonly verifications: Verifications;

  constructor(
    { investigate, verifyAdvice, thresholds }: ResolvedOptions,
    statistics: Statistics,
    dataSources: KnownDataSources,
    shown: ShownFindings,
    { failed }: OwnFailures,
  ) {
    const now = Date.now;
    this.investigations = new Investigations({
      options: investigate,
      thresholds,
      statistics,
      schemas: () => dataSources.schemas(),
      open: (name) => openExplainer(dataSources.get(name), investigate),
      now,
      failed,
    });
    this.verifications = new Verifications({
      options: verifyAdvice,
      thresholds,
      idOf: (finding) => statistics.idOf(finding),
      costliest: (id) => statistics.findings.get(id)?.finding,
      unread: () => readFindings(statistics, thresholds).filter(({ finding }) => shown.has(finding)),
      run: async (trial, advised) => {
        const dataSource = dataSources.get(trial.dataSource);
        if (dataSource === undefined) throw new Error('the data source is gone');
        const { statementTimeoutMs, maxRows, borrowConnection } = verifyAdvice;
        return unseen(() =>
          runTrial(dataSource, trial, advised, {
            timeoutMs: statementTimeoutMs,
            canBorrow: borrowConnection,
            borrowOption: 'verifyAdvice.borrowConnection',
            maxMs: statementTimeoutMs,
            maxRows,
            maxStatements: MAX_TRIAL_STATEMENTS,
          }),
        );
      },
      now,
      failed,
    });
  }

  /** Keeps what it needs of a unit of work. */
  readonly note = (unit: AnalysedUnit, findings: readonly Finding[]): void => {
    this.investigations.note(unit);
    this.verifications.note(unit, findings);
  };

  /** Asks from time to time, until the answer is called. */
  start(): () => void {
    const stop = [this.investigations.start(), this.verifications.start()];
    return () => {
      for (const each of stop) each();
    };
  }

  /** Asks everything that is worth it, now; or for the plan of one statement. False where nothing may be asked. */
  async ask(statement?: StatementIdentity): Promise<boolean> {
    if (statement !== undefined) return this.investigations.one(statement);
    const isExplained = await this.investigations.all();
    return (await this.verifications.all()) || isExplained;
  }

  reset(): void {
    this.investigations.reset();
    this.verifications.reset();
  }

  /** What came of it so far. */
  get facts(): Pick<ReportFacts, 'investigations' | 'indexFindings' | 'verifications'> {
    const { known: investigations, findings: indexFindings } = this.investigations;
    return { investigations, indexFindings, verifications: this.verifications.known };
  }
}
