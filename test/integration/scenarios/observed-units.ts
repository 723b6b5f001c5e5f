import type { DataSource } from 'typeorm';
import { createAnalyser, type Analysis } from '../../../lib/analysis/analyse.js';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../../lib/analysis/thresholds.js';
import { createCallSiteResolver } from '../../../lib/capture/call-site.js';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import type { EndedRecording } from '../../../lib/context/running-unit.js';
import { UnitContext } from '../../../lib/context/unit-context.js';
import type { TrackReads } from '../../../lib/record/entity-reads.js';
import { DEFAULT_UNIT_LIMITS } from '../../../lib/record/unit-limits.js';
import { expectFoundByEvery } from '../../unit/analysis/every-detector.js';

/** Unless asked for, nothing is found for having taken long: a busy machine may make anything slow. */
const WITHOUT_TIMES: Partial<Thresholds> = {
  sequentialQueryMs: Infinity,
  longTransactionMs: Infinity,
  idleTransactionMs: Infinity,
  poolWaitMs: Infinity,
};

/** Runs work as units of work against a real data source and analyses what was recorded: the line without Nest. */
export class ObservedUnits {
  readonly context = new UnitContext();
  private readonly ended: EndedRecording[] = [];
  private readonly analyse = createAnalyser();
  private readonly locate = createCallSiteResolver();
  private readonly undo: () => void;
  readonly failures: string[] = [];
  /** What the last unit's work threw. */
  failure: Error | undefined;

  constructor(
    readonly dataSource: DataSource,
    {
      trackReads = 'off',
      autoBatch = false,
      keepsReplays = false,
    }: {
      readonly trackReads?: TrackReads;
      readonly autoBatch?: boolean;
      readonly keepsReplays?: boolean;
    } = {},
  ) {
    this.context.connect({
      limits: DEFAULT_UNIT_LIMITS,
      trackReads,
      autoBatch,
      keepsReplays,
      traceId: () => undefined,
      ended: (recording) => this.ended.push(recording),
      failed: (where, error) => this.failures.push(`${where}: ${String(error)}`),
    });
    this.undo = instrumentDataSource(dataSource, this.context, { name: 'default' });
  }

  /** The analysis of one unit; work that fails makes a unit all the same. */
  async run(work: () => Promise<unknown>, thresholds: Partial<Thresholds> = {}): Promise<Analysis> {
    const unit = this.context.begin('http', 'GET /scenario');
    this.context.flush();
    this.ended.length = 0;
    this.failure = undefined;
    await this.context.run(unit, work).catch((error: unknown) => {
      this.failure = error instanceof Error ? error : new Error(String(error));
    });
    this.context.end(unit);
    return this.analyseEnded(thresholds);
  }

  /** The findings of work that belongs to no unit. */
  async findingsOutside(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.context.flush();
    this.ended.length = 0;
    await work();
    this.context.flush();
    return summaries(this.analyseEnded({}));
  }

  private analyseEnded(thresholds: Partial<Thresholds>): Analysis {
    this.context.flush();
    const [recording] = this.ended;
    if (recording === undefined) throw new Error('The unit was not handed over.');
    const finished = recording.recorder.finish(recording.clockMs, this.locate);
    const schemas = new Map([['default', schemaModel(this.dataSource, 'default')]]);
    const all = { ...DEFAULT_THRESHOLDS, ...WITHOUT_TIMES, ...thresholds };
    const analysis = this.analyse(finished, schemas, all);
    expectFoundByEvery(analysis, all);
    return analysis;
  }

  /** The findings of one unit in the short form `kind relation`, sorted. */
  async findings(
    work: () => Promise<unknown>,
    thresholds: Partial<Thresholds> = {},
  ): Promise<readonly string[]> {
    const analysis = await this.run(work, thresholds);
    if (this.failure !== undefined) throw this.failure;
    return summaries(analysis);
  }

  stop(): void {
    this.undo();
    this.context.close();
  }
}

function summaries({ findings }: Analysis): readonly string[] {
  return findings.map(({ kind, relation }) => [kind, relation].filter(Boolean).join(' ')).sort();
}
