import type { AnalysedUnit } from '../analysis/detector.js';
import { sumOf } from '../analysis/totals.js';
import { isSlowCall } from './is-slow.js';
import { COARSE, Distribution } from './distribution.js';

/** What ran lately on one data source. */
export interface RecentFigures {
  /** Over how long, in seconds. */
  readonly seconds: number;
  readonly statements: number;
  readonly errors: number;
  /** Slower than `thresholds.slowQueryMs`. */
  readonly slow: number;
  readonly p95Ms: number;
  /** The longest wait for a connection. */
  readonly maxWaitMs: number;
}

/** Look-ups in caches lately, of all caches together. */
export interface RecentLookups {
  readonly lookups: number;
  readonly hits: number;
}

const SLOT_MS = 5_000;
/** A minute. */
const SLOTS = 12;
/** Data sources that are told apart; the others are not in the window. */
const MAX_DATA_SOURCES = 100;

interface Slot {
  statements: number;
  errors: number;
  slow: number;
  maxWaitMs: number;
  readonly executeMs: Distribution;
}

interface Slots {
  /** Number of the slot since the epoch. */
  readonly number: number;
  readonly bySource: Map<string, Slot>;
  lookups: number;
  hits: number;
}

/** The last minute, in slots of five seconds: what a health check wants to know, when totals are since the start. */
export class RecentWindow {
  private slots: Slots[] = [];

  constructor(private readonly slowQueryMs: number) {}

  /** Counts an analysed unit at the time when its statements ended. */
  add({ unit, queries }: AnalysedUnit): void {
    for (const { record, statement } of queries) {
      const at = unit.startedAt + record.startMs + record.waitMs + record.executeMs;
      const slot = this.slotOf(at, record.dataSource);
      if (slot === undefined) continue;
      slot.statements++;
      slot.errors += record.error === undefined ? 0 : 1;
      slot.slow += isSlowCall(statement.kind, record.executeMs, this.slowQueryMs) ? 1 : 0;
      slot.maxWaitMs = Math.max(slot.maxWaitMs, record.waitMs);
      slot.executeMs.add(record.executeMs);
    }
    for (const { outcome, startMs } of unit.caches) {
      const isHit = outcome === 'hit' || outcome === 'stale' || outcome === 'coalesced';
      if (!isHit && outcome !== 'miss') continue;
      const slots = this.at(unit.startedAt + startMs);
      if (slots === undefined) continue;
      slots.lookups++;
      slots.hits += isHit ? 1 : 0;
    }
  }

  /** Undefined where nothing ran. */
  figures(dataSource: string, now: number): RecentFigures | undefined {
    const slots = this.living(now).flatMap(({ bySource }) => bySource.get(dataSource) ?? []);
    if (slots.length === 0) return undefined;
    const executeMs = new Distribution(COARSE);
    for (const slot of slots) executeMs.merge(slot.executeMs);
    return {
      seconds: (SLOT_MS * SLOTS) / 1_000,
      statements: sumOf(slots, ({ statements }) => statements),
      errors: sumOf(slots, ({ errors }) => errors),
      slow: sumOf(slots, ({ slow }) => slow),
      p95Ms: executeMs.quantile(0.95),
      maxWaitMs: Math.max(...slots.map(({ maxWaitMs }) => maxWaitMs)),
    };
  }

  lookups(now: number): RecentLookups {
    const slots = this.living(now);
    return {
      lookups: sumOf(slots, ({ lookups }) => lookups),
      hits: sumOf(slots, ({ hits }) => hits),
    };
  }

  clear(): void {
    this.slots = [];
  }

  private living(now: number): readonly Slots[] {
    const oldest = Math.floor(now / SLOT_MS) - SLOTS;
    return this.slots.filter(({ number }) => number > oldest);
  }

  private slotOf(at: number, dataSource: string): Slot | undefined {
    const bySource = this.at(at)?.bySource;
    const known = bySource?.get(dataSource);
    if (known !== undefined || bySource === undefined || bySource.size >= MAX_DATA_SOURCES) return known;
    const slot = { statements: 0, errors: 0, slow: 0, maxWaitMs: 0, executeMs: new Distribution(COARSE) };
    bySource.set(dataSource, slot);
    return slot;
  }

  /** Undefined for what is older than the window; units are analysed in the order in which they end, more or less. */
  private at(at: number): Slots | undefined {
    const number = Math.floor(at / SLOT_MS);
    const last = this.slots.at(-1);
    if (last?.number === number) return last;
    const known = this.slots.find((slots) => slots.number === number);
    if (known !== undefined || !Number.isFinite(number)) return known;
    const newest = this.slots.reduce((most, slots) => Math.max(most, slots.number), number);
    if (number <= newest - SLOTS) return undefined;
    const slots = { number, bySource: new Map<string, Slot>(), lookups: 0, hits: 0 };
    this.slots = [...this.slots.filter((other) => other.number > newest - SLOTS), slots];
    return slots;
  }
}
