import type { Analyse } from './analysis/analyse.js';
import type { AnalysedUnit } from './analysis/detector.js';
import type { Finding } from './analysis/finding.js';
import type { EndedRecording } from './context/running-unit.js';
import type { CallSite } from './record/call-site.js';
import type { SchemaModel } from './record/schema-model.js';
import type { UnitOfWork } from './record/unit-of-work.js';
import type { CapturedStack } from './record/unit-recorder.js';
import { onlyFrom } from './only-from.js';
import type { ResolvedOptions } from './options.js';

const monotonicMs: () => number = performance.now.bind(performance);

/** Takes what came out of one unit of work. */
export type Publish = (unit: AnalysedUnit, findings: readonly Finding[]) => void;

const NO_SCHEMAS: ReadonlyMap<string, SchemaModel> = new Map();

/** The stages that are not the same in every application. */
export interface PipelineStages {
  readonly options: Pick<ResolvedOptions, 'thresholds' | 'dataSources'>;
  /** By data source name. */
  readonly schemas: () => ReadonlyMap<string, SchemaModel>;
  readonly analyse: Analyse;
  /** The place in the user's code that a stack leads to. */
  readonly locate: (stack: CapturedStack) => CallSite | undefined;
  /** Those of kinds that are switched on, and that no ignore rule accepts. */
  readonly shown: (findings: readonly Finding[]) => readonly Finding[];
  aggregate: Publish;
  /** Logs, recent units. One that fails does not keep the others from their work. */
  readonly publishers: readonly Publish[];
  readonly failed: (where: string, error: unknown) => void;
}

/**
 * READ FIRST. The whole product is this line: a finished unit of work is analysed, what the user accepts is left out, the
 * rest is counted and published. It runs off the request path, one unit at a time, and never throws.
 */
export class Pipeline {
  /** Time spent here, and what went through. */
  readonly self = { microseconds: 0, units: 0, records: 0, dropped: 0 };

  constructor(private readonly stages: PipelineStages) {}

  readonly take = (recording: EndedRecording): void => {
    const startedMs = monotonicMs();
    const { options, schemas, analyse, shown, aggregate, publishers, failed } = this.stages;
    this.guarded('analysis', () => {
      const unit = onlyFrom(this.finish(recording), options.dataSources);
      const known = this.guarded('schema', schemas) ?? NO_SCHEMAS;
      const { analysed, findings } = analyse(unit, known, options.thresholds, failed);
      const reported = this.guarded('ignore rules', () => shown(findings)) ?? [];
      this.guarded('statistics', () => {
        aggregate(analysed, reported);
      });
      for (const publish of publishers)
        this.guarded('publishing', () => {
          publish(analysed, reported);
        });
    });
    this.self.microseconds += (monotonicMs() - startedMs) * 1_000;
  };

  private finish({ recorder, clockMs, isAfterResponse }: EndedRecording): UnitOfWork {
    const unit = recorder.finish(clockMs, (stack) =>
      this.guarded('call site', () => this.stages.locate(stack)),
    );
    this.self.units++;
    this.self.records += unit.queries.length + unit.loads.length + unit.caches.length;
    this.self.dropped += unit.dropped.queries + unit.dropped.loads + unit.dropped.cacheAccesses;
    return isAfterResponse ? { ...unit, isAfterResponse } : unit;
  }

  private guarded<T>(where: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.stages.failed(where, error);
      return undefined;
    }
  }
}
