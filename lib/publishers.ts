import type { Finding } from './analysis/finding.js';
import type { FindingLog } from './log-findings.js';
import { QueryLog } from './log-queries.js';
import type { Log } from './log.js';
import type { ResolvedOptions } from './options.js';
import type { OwnQuestions } from './own-questions.js';
import type { Publish } from './pipeline.js';
import type { RecentUnits } from './recent-units.js';
import type { ShownFindings } from './shown-findings.js';
import type { Statistics } from './statistics/statistics.js';
import type { Telemetry } from './telemetry/telemetry.js';
import { viewUnit } from './unit-view.js';

/** Who hears of an analysed unit of work besides the statistics: the recent units, telemetry, what asks databases, and the two logs. */
export function publishersTo(
  recent: RecentUnits,
  log: Log,
  findingLog: FindingLog,
  telemetry: Telemetry,
  questions: OwnQuestions,
  options: ResolvedOptions,
): readonly Publish[] {
  const queryLog = new QueryLog(log, { ...options, slowQueryMs: options.thresholds.slowQueryMs });
  return [
    (unit, findings) => {
      if (unit.queries.length + unit.unit.caches.length > 0)
        recent.add(viewUnit(unit, findings, options.limits.maxUnitStatements));
    },
    telemetry.publish,
    ({ unit }, findings) => {
      if (options.logFindings) findingLog.add(findings.map(telemetry.words.maskFinding), unit.traceId);
    },
    (unit) => {
      queryLog.add(unit, Date.now());
    },
    questions.note,
  ];
}

/** Counts and logs a finding that belongs to no unit of work: it was seen just now. */
export function livePublisher(
  shown: ShownFindings,
  statistics: Statistics,
  findingLog: FindingLog | undefined,
  telemetry: Telemetry,
): (finding: Finding) => void {
  return (finding) => {
    if (!shown.has(finding)) return;
    statistics.addLive(finding, Date.now());
    findingLog?.add([finding], undefined);
    telemetry.publishLive(finding);
  };
}
