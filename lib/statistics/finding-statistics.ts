import type { Finding } from '../analysis/finding.js';
import { findingId, findingSubject } from './finding-place.js';
import { MAX_TRACE_IDS } from './statistics-limits.js';

/** One finding at one place, over all units of work that showed it. */
export class FindingStatistics {
  readonly id: string;
  readonly subject: string;
  /** The costliest occurrence. */
  finding: Finding;
  /** Milliseconds since the epoch. */
  firstSeen = Infinity;
  lastSeen = 0;
  occurrences = 0;
  traceIds: string[] = [];

  constructor(finding: Finding) {
    this.id = findingId(finding);
    this.subject = findingSubject(finding);
    this.finding = finding;
  }

  add(finding: Finding, at: number, traceId?: string): void {
    this.occurrences++;
    this.seen(at);
    this.replaceByCostlier(finding);
    if (traceId !== undefined) this.addTrace(traceId);
  }

  merge(other: FindingStatistics): void {
    this.occurrences += other.occurrences;
    this.seen(other.firstSeen);
    this.seen(other.lastSeen);
    this.replaceByCostlier(other.finding);
    for (const traceId of other.traceIds) this.addTrace(traceId);
  }

  /** Call sites are sampled: an occurrence without one inherits those that are known. */
  private replaceByCostlier(finding: Finding): void {
    if (!isCostlier(finding, this.finding)) return;
    this.finding = finding.callSites.length > 0 ? finding : { ...finding, callSites: this.finding.callSites };
  }

  private seen(at: number): void {
    this.firstSeen = Math.min(this.firstSeen, at);
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  private addTrace(traceId: string): void {
    if (this.traceIds.length < MAX_TRACE_IDS && !this.traceIds.includes(traceId)) this.traceIds.push(traceId);
  }
}

function isCostlier({ cost: a }: Finding, { cost: b }: Finding): boolean {
  return a.timeMs === b.timeMs ? a.statements > b.statements : a.timeMs > b.timeMs;
}
