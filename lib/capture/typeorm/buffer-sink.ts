import type { RecordScope, RecordSink } from '../../record/record-sink.js';
import { UnitRecorder } from '../../record/unit-recorder.js';

const LIMITS = { maxQueries: 1_000, maxLoads: 0, maxCacheAccesses: 0, maxSampledRows: 0, maxCallSites: 0 };

/** Keeps the statements of a data source until it is known whose they are. */
export class BufferSink implements RecordSink {
  readonly recorder = new UnitRecorder(
    {
      id: 'unclaimed',
      kind: 'bootstrap',
      name: 'unclaimed',
      startedAt: Date.now(),
      clockMs: performance.now(),
    },
    LIMITS,
  );

  scope(): RecordScope {
    return this;
  }

  within<T>(_scope: RecordScope, _load: number, work: () => T): T {
    return work();
  }

  /** Nobody to tell yet; the same failure will come again when the data source has been claimed. */
  failed(): void {
    return;
  }

  /** Gives the statements to the unit that takes what belongs to no other; times count from that unit's beginning. */
  handOver(sink: RecordSink, dataSource: string): void {
    const target = sink.scope()?.recorder;
    if (target === undefined) return;
    const { start } = this.recorder;
    for (const query of this.recorder.finish(performance.now(), () => undefined).queries) {
      const startMs = target.since(start.clockMs + query.startMs);
      target.addQuery({ ...query, dataSource, startMs, sequence: target.nextSequence() });
    }
  }
}
