import type { UnitRecorder } from '../record/unit-recorder.js';
import type { KnownPlace } from './known-findings.js';

/** Different statements of one unit that are counted; the others are always the first. */
const MAX_STATEMENTS = 1_000;

/** What a unit of work has done so far, as its span will say. */
export class Totals {
  queries = 0;
  dbTimeMs = 0;
  rows = 0;
  /** What is known of its statements from earlier units. */
  private known: Set<KnownPlace> | undefined;
  private readonly repeats = new Map<string, number>();

  /** Counts one more run of a statement, values aside; the first is 1. */
  next(fingerprint: string): number {
    this.queries++;
    const count = (this.repeats.get(fingerprint) ?? 0) + 1;
    if (count > 1 || this.repeats.size < MAX_STATEMENTS) this.repeats.set(fingerprint, count);
    return count;
  }

  /** One of its statements is part of what was found before. */
  knows(place: KnownPlace): void {
    (this.known ??= new Set()).add(place);
  }

  /** Known findings that its statements are part of. */
  get findings(): number {
    let findings = 0;
    for (const place of this.known ?? []) findings += place.findings;
    return findings;
  }

  ended(durationMs: number, rows: number | undefined): void {
    this.dbTimeMs += durationMs;
    this.rows += rows ?? 0;
  }
}

/** Of each running unit. */
export class UnitTotals {
  private readonly units = new WeakMap<UnitRecorder, Totals>();

  of(unit: UnitRecorder): Totals {
    let totals = this.units.get(unit);
    if (totals === undefined) this.units.set(unit, (totals = new Totals()));
    return totals;
  }
}
