import { degradations } from './capture/typeorm/instrument-data-source.js';
import type { RecordSink } from './record/record-sink.js';
import type { OwnFailures } from './own-failures.js';
import type { Pipeline } from './pipeline.js';
import type { SelfReport } from './report/report.js';
import type { ShownFindings } from './shown-findings.js';

/** What QueryLens took and could not do, so far. */
export function selfReport(
  { self: { microseconds, units, records, dropped } }: Pipeline,
  failures: OwnFailures,
  sink: RecordSink,
  { ignores }: ShownFindings,
): Omit<SelfReport, 'evicted'> {
  return {
    analysisMicroseconds: Math.round(microseconds),
    unitsAnalysed: units,
    recordsKept: records,
    recordsDropped: dropped,
    failures: failures.list(),
    degraded: degradations(sink),
    ignores: ignores.describe(Date.now()),
  };
}
