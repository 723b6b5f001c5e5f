import type { DataSource } from 'typeorm';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../../lib/analysis/thresholds.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { loadingStrategies } from '../../../lib/report/loading-strategies.js';
import type { LoadingStrategyReport } from '../../../lib/report/report.js';
import { readFindings } from '../../../lib/statistics/read-findings.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

/** What is said of reads after a request has been run many times. */
export interface Watched {
  readonly statistics: Statistics;
  readonly findings: readonly Finding[];
  /** `kind subject`, sorted. */
  readonly said: readonly string[];
  readonly strategies: readonly LoadingStrategyReport[];
}

/** Runs requests again and again, with every load watched. */
export class WatchedUnits {
  private readonly units: ObservedUnits;

  constructor(dataSource: DataSource) {
    this.units = new ObservedUnits(dataSource, { trackReads: 'all' });
  }

  async repeat(
    times: number,
    work: (time: number) => Promise<unknown>,
    changed: Partial<Thresholds> = {},
  ): Promise<Watched> {
    const thresholds = { ...DEFAULT_THRESHOLDS, ...changed };
    const statistics = new Statistics();
    for (let time = 0; time < times; time++) {
      const { analysed, findings } = await this.units.run(() => work(time));
      statistics.add(analysed, findings);
    }
    const findings = readFindings(statistics, thresholds).map(({ finding }) => finding);
    const said = findings.map(({ kind, relation }) => `${kind} ${relation ?? ''}`).sort();
    return { statistics, findings, said, strategies: loadingStrategies(statistics, thresholds) };
  }

  get failures(): readonly string[] {
    return this.units.failures;
  }

  stop(): void {
    this.units.stop();
  }
}
