import { createAnalyser } from './analysis/analyse.js';
import { createCallSiteResolver } from './capture/call-site.js';
import { ignoreDataSource, instrumentDataSource } from './capture/typeorm/instrument-data-source.js';
import { checkDataSourceNames } from './check-data-source-names.js';
import { checkIgnoreRules } from './check-ignore-rules.js';
import { EndedRecordings } from './context/ended-recordings.js';
import { registry } from './context/registry.js';
import type { UnitContext } from './context/unit-context.js';
import { HealthCheck } from './health-check.js';
import { hookContext, type HookedContext } from './hooked-context.js';
import { inSlices } from './in-slices.js';
import { INSTANCE } from './instance.js';
import type { StatementIdentity } from './investigation/suspects.js';
import { KnownDataSources } from './known-data-sources.js';
import { LivePools } from './live-pools.js';
import { FindingLog } from './log-findings.js';
import { withTrace, type Log } from './log.js';
import { resolveOptions, type QueryLensOptions, type ResolvedOptions } from './options.js';
import { OwnFailures } from './own-failures.js';
import { OwnQuestions } from './own-questions.js';
import { Pipeline, type Publish } from './pipeline.js';
import { livePublisher, publishersTo } from './publishers.js';
import { RecentUnits } from './recent-units.js';
import { reportSteps } from './report/build-report.js';
import { renderText } from './report/render-text.js';
import type { Report } from './report/report.js';
import type { TextOptions } from './report/text/text-options.js';
import { selfReport } from './self-report.js';
import { ShownFindings } from './shown-findings.js';
import { RecentWindow } from './statistics/recent-window.js';
import { Statistics } from './statistics/statistics.js';
import { activeTraceId } from './telemetry/active-trace-id.js';
import { Telemetry } from './telemetry/telemetry.js';
import type { UnitView } from './unit-view.js';
import { VERSION } from './version.js';
import { WatchedCaches } from './watched-caches.js';

/** Everything one application has of QueryLens: the stages of its line, connected. Knows no Nest. */
export class Line {
  readonly options: ResolvedOptions;
  readonly context: UnitContext;
  readonly caches: WatchedCaches;
  private readonly statistics = new Statistics();
  /** When counting began. */
  private since = Date.now();
  private readonly failures: OwnFailures;
  private readonly shown: ShownFindings;
  private readonly recent: RecentUnits;
  private readonly pipeline: Pipeline;
  private readonly ended: EndedRecordings;
  private readonly questions: OwnQuestions;
  private readonly dataSources = new KnownDataSources();
  private readonly livePools: LivePools;
  private readonly lately: RecentWindow;
  readonly health: HealthCheck;
  /** What Nest knows has been claimed; what is opened now was made by hand. */
  private isComplete = false;
  private readonly undo: (() => void)[] = [];
  private readonly telemetry: Telemetry;
  private readonly locate = createCallSiteResolver();

  constructor(
    options: QueryLensOptions | undefined,
    log: Log,
    { context, unhook }: HookedContext = hookContext(),
  ) {
    this.context = context;
    this.undo.push(unhook);
    this.options = this.orClose(() => resolveOptions(options));
    const { thresholds, logFindings, telemetry } = this.options;
    const ports = { ...thresholds, locate: this.locate, pools: () => this.livePools.readings() };
    this.telemetry = new Telemetry({ ...ports, options: telemetry }, VERSION);
    this.undo.push(this.telemetry.close);
    this.failures = new OwnFailures((message) => {
      log.warn(withTrace(message, activeTraceId()));
    });
    this.caches = new WatchedCaches(this.context, this.undo);
    this.shown = new ShownFindings(this.options);
    this.recent = new RecentUnits(this.options.limits.maxUnits);
    const findingLog = new FindingLog(log);
    const { statistics, dataSources, shown, failures } = this;
    this.questions = new OwnQuestions(this.options, statistics, dataSources, shown, failures);
    this.pipeline = this.pipelineTo(
      publishersTo(this.recent, log, findingLog, this.telemetry, this.questions, this.options),
    );
    const entries = () => this.dataSources.entries();
    const logged = logFindings ? findingLog : undefined;
    const found = livePublisher(this.shown, this.statistics, logged, this.telemetry);
    this.livePools = new LivePools(entries, this.locate, thresholds.connectionLeakMs, found, failures.failed);
    this.lately = new RecentWindow(thresholds.slowQueryMs);
    this.health = new HealthCheck(entries, this.lately, failures.failed);
    this.ended = new EndedRecordings(this.options.limits.maxWaitingUnits, this.pipeline.take);
    if (this.options.enabled) this.connect();
    else this.close();
  }

  /** Records a data source under the name that Nest has for it. */
  claim(dataSource: object, name: string): void {
    if (!this.options.enabled) return;
    this.dataSources.add(name, dataSource);
    this.record(dataSource, name);
  }

  /**
   * All data sources that Nest knows have been claimed: what the options say of them can be checked, and the others can
   * be named.
   *
   * @throws QueryLensError QL003, QL005
   */
  complete(): void {
    if (!this.options.enabled) return;
    this.isComplete = true;
    this.recordOthers();
    this.orClose(() => {
      checkDataSourceNames(this.options.dataSources, this.dataSources.names());
      checkIgnoreRules(this.options.ignore, this.dataSources.schemas().values());
    });
  }

  async report(): Promise<Report> {
    await this.settled();
    const { statistics, options, ended } = this;
    this.livePools.look();
    const steps = reportSteps(statistics, {
      pools: this.livePools.snapshots(),
      self: selfReport(this.pipeline, this.failures, this.context, this.shown),
      instance: INSTANCE,
      thresholds: options.thresholds,
      now: Date.now(),
      since: this.since,
      isShown: this.shown.has,
      ...this.questions.facts,
    });
    const { self, ...report } = await inSlices(steps);
    return { ...report, self: { ...self, evicted: { ...self.evicted, waitingUnits: ended.dropped } } };
  }

  /** Reads the plans of everything worth it and tries advice on loading, now; or reads the plan of one statement. */
  async investigate(statement?: StatementIdentity): Promise<boolean> {
    await this.settled();
    return this.options.enabled && this.questions.ask(statement);
  }

  async text(options?: TextOptions): Promise<string> {
    return renderText(await this.report(), options);
  }

  async units(): Promise<readonly UnitView[]> {
    await this.settled();
    return this.recent.list();
  }

  async unit(id: string): Promise<UnitView | undefined> {
    await this.settled();
    return this.recent.find(id);
  }

  /** Another one whenever there is something new to report. */
  get revision(): string {
    return [this.pipeline.self.units, this.since, this.context.isPaused].join();
  }

  async reset(): Promise<void> {
    await this.settled();
    this.since = Date.now();
    this.statistics.reset();
    this.questions.reset();
    this.telemetry.forget();
    this.lately.clear();
    this.recent.clear();
    this.failures.reset();
  }

  /** Takes every wrapper off and analyses what is left. */
  close(): void {
    this.context.close();
    this.undoAll();
    this.ended.drain();
  }

  private async settled(): Promise<void> {
    this.context.flush();
    await this.ended.drained();
  }

  private connect(): void {
    const { limits, trackReads, autoBatch, verifyAdvice } = this.options;
    this.context.connect({
      limits,
      trackReads,
      autoBatch,
      keepsReplays: verifyAdvice.mode !== 'off',
      tracer: this.telemetry,
      traceId: activeTraceId,
      failed: this.failures.failed,
      ended: (recording) => {
        if (this.context.isPaused) recording.recorder.discard();
        else this.ended.add(recording);
      },
      opened: (dataSource, name) => {
        this.dataSources.opened(dataSource, name);
        if (this.isComplete) this.recordOthers();
      },
    });
    registry().running.add(this.context);
    this.undo.push(() => registry().running.delete(this.context));
    this.undo.push(this.livePools.start(), this.questions.start());
  }

  private pipelineTo(publishers: readonly Publish[]): Pipeline {
    return new Pipeline({
      options: this.options,
      schemas: () => this.dataSources.schemas(),
      analyse: createAnalyser(),
      locate: this.locate,
      shown: this.shown.of,
      aggregate: (unit, findings) => {
        this.statistics.add(unit, findings);
        this.lately.add(unit);
      },
      publishers,
      failed: this.failures.failed,
    });
  }

  private record(dataSource: object, name: string): void {
    if (this.options.dataSources?.includes(name) === false) ignoreDataSource(dataSource, this.context);
    else this.undo.push(instrumentDataSource(dataSource, this.context, { name }));
  }

  private recordOthers(): void {
    for (const { name, dataSource } of this.dataSources.nameOthers()) this.record(dataSource, name);
  }

  /** An application that does not start must not stay hooked. */
  private orClose<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.context.close();
      this.undoAll();
      throw error;
    }
  }

  private undoAll(): void {
    for (const undo of this.undo.splice(0).reverse()) undo();
  }
}
