import type { Finding, FindingCost, Severity } from './analysis/finding.js';
import { withTrace, type Log } from './log.js';
import { findingLine } from './report/finding-line.js';
import { findingId, findingPlace, findingSubject } from './statistics/finding-place.js';

/** Places that are remembered. Beyond, findings are only in the report. */
const MAX_PLACES = 1_000;
/** A place is logged again when it got this many times worse. */
const WORSE = 10;

const LEVELS = { error: 'error', warning: 'warn', info: 'log' } as const satisfies Record<
  Severity,
  keyof Log
>;

/** Writes each finding once for each place, and again when it got ten times worse. */
export class FindingLog {
  private readonly logged = new Map<string, FindingCost>();
  private readonly placeBySubject = new Map<string, string>();

  constructor(private readonly log: Log) {}

  add(findings: readonly Finding[], traceId: string | undefined): void {
    for (const finding of findings) {
      if (!this.isNews(finding)) continue;
      this.log[LEVELS[finding.severity]](withTrace(findingLine(finding), traceId));
    }
  }

  private isNews(finding: Finding): boolean {
    const id = this.placeOf(finding);
    const before = this.logged.get(id);
    if (before === undefined ? this.logged.size >= MAX_PLACES : !isMuchWorse(finding.cost, before))
      return false;
    this.logged.set(id, finding.cost);
    return true;
  }

  /** Call sites are sampled: without one, the finding belongs to the place where the same was found before. */
  private placeOf(finding: Finding): string {
    const subject = findingSubject(finding);
    const known = this.placeBySubject.get(subject);
    if (known !== undefined && findingPlace(finding) === '') return known;
    const place = findingId(finding);
    if (known === undefined && this.placeBySubject.size < MAX_PLACES) this.placeBySubject.set(subject, place);
    return place;
  }
}

function isMuchWorse(now: FindingCost, before: FindingCost): boolean {
  return (
    now.statements >= WORSE * Math.max(before.statements, 1) ||
    now.rows >= WORSE * Math.max(before.rows, 1) ||
    now.timeMs >= WORSE * Math.max(before.timeMs, 100)
  );
}
