import { Inject, Injectable } from '@nestjs/common';
import type { Health, HealthOptions } from './health-check.js';
import { inSlices } from './in-slices.js';
import type { StatementIdentity } from './investigation/suspects.js';
import { Line } from './line.js';
import { jsonSteps } from './report/json-steps.js';
import type { Report, LoadingStrategyReport, ReportedFinding, SlowQueryReport } from './report/report.js';
import type { TextOptions } from './report/text/text-options.js';
import type { UnitView } from './unit-view.js';

/**
 * What QueryLens knows, for code of the application. Each answer first waits until everything that has finished is
 * analysed; numbers count since the start or the last `reset()`.
 */
@Injectable()
export class QueryLensService {
  constructor(@Inject(Line) private readonly line: Line) {}

  /** The whole report, as JSON. */
  report(): Promise<Report> {
    return this.line.report();
  }

  /** The whole report as the text of a JSON document, made without keeping the event loop for long. */
  async reportJson(): Promise<string> {
    return inSlices(jsonSteps(await this.report()));
  }

  /** The report for a terminal; without colour unless it is asked for. */
  text(options?: TextOptions): Promise<string> {
    return this.line.text(options);
  }

  /** How every relation was loaded on every route, and how it should be. Worst first. */
  async loadingStrategies(): Promise<readonly LoadingStrategyReport[]> {
    return (await this.report()).loadingStrategies;
  }

  /** Statements by total time, greatest first. */
  async slowQueries(): Promise<readonly SlowQueryReport[]> {
    return (await this.report()).slowQueries;
  }

  async caches(): Promise<Report['caches']> {
    return (await this.report()).caches;
  }

  async pools(): Promise<Report['pools']> {
    return (await this.report()).pools;
  }

  /** Worst first. */
  async findings(): Promise<readonly ReportedFinding[]> {
    return (await this.report()).findings;
  }

  /** The last finished units of work, newest first, each with its statements. */
  units(): Promise<readonly UnitView[]> {
    return this.line.units();
  }

  /** One of {@link units}; undefined when it is not among them any more. */
  async unit(id: string): Promise<UnitView | undefined> {
    return this.line.unit(id);
  }

  /**
   * Runs `work` as a unit of work with this name, unless a unit is running: then it stays part of that one.
   *
   * @returns what `work` returns; promises and observables are followed to their end
   */
  observe<T>(name: string, work: () => T): T {
    return this.line.context.observe(name, work);
  }

  /** How the data sources are, within `timeoutMs`: pools, the last minute's statements, and a ping where a pool has room. */
  health(options?: HealthOptions): Promise<Health> {
    return this.line.health.check(options);
  }

  /** Records nothing new until {@link resume}; what was counted stays. */
  pause(): void {
    this.line.context.isPaused = true;
  }

  resume(): void {
    this.line.context.isPaused = false;
  }

  get isPaused(): boolean {
    return this.line.context.isPaused;
  }

  /** Another text whenever there is something new to report. Costs nothing to ask. */
  get revision(): string {
    return this.line.revision;
  }

  /**
   * Reads the plans of slow statements now, and looks for indexes that would help them; the next report has what was
   * found. Never rejects: what could not be found out is said in the report.
   *
   * @param statement - this one alone, slow or not
   * @returns false where `investigate.mode` is `off`, or no such statement was seen
   */
  investigate(statement?: StatementIdentity): Promise<boolean> {
    return this.line.investigate(statement);
  }

  /** Whether {@link investigate} may ask anything: see `investigate.mode` and `verifyAdvice`. */
  get canInvestigate(): boolean {
    const { enabled, investigate } = this.line.options;
    return (enabled && investigate.mode !== 'off') || this.canVerifyLoading;
  }

  /** Whether loads may be run again to verify advice on them: see `verifyAdvice`. */
  get canVerifyLoading(): boolean {
    const { enabled, verifyAdvice } = this.line.options;
    return enabled && verifyAdvice.mode !== 'off';
  }

  /** Forgets everything that was counted so far. */
  reset(): Promise<void> {
    return this.line.reset();
  }
}
