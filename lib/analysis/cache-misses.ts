import type { CacheRecord } from '../record/cache-record.js';
import type { AnalysedUnit } from './detector.js';
import type { AnalysedQuery } from './relation-load.js';
import { costOf } from './totals.js';

/** One look-up that found nothing, with the code that ran to make the value. */
export interface CacheMiss {
  readonly record: CacheRecord;
  /** What the code asked of the database, with the share of each statement that counts for this miss, 0 to 1. */
  readonly queries: readonly { readonly query: AnalysedQuery; readonly share: number }[];
  /** Statements, where those that several misses waited for are shared between them. */
  readonly statements: number;
  /** From the look-up to the moment the value was there, in milliseconds. */
  readonly computeMs: number;
  /** Milliseconds in which the database was asked. */
  readonly databaseMs: number;
  /** When the look-up began, and when the value had been stored; milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** The record that stored it; for `wrap()` the miss itself. */
  readonly stored?: CacheRecord;
}

interface Window {
  readonly record: CacheRecord;
  readonly set: CacheRecord;
}

/**
 * The misses of a unit whose value was computed there. `wrap()` says what its computation ran; a look-up and the `set` of
 * the same key after it have between them what was run to make the value.
 */
export function cacheMisses(unit: AnalysedUnit): readonly CacheMiss[] {
  const { caches } = unit.unit;
  if (caches.length === 0) return [];
  const windows = windowsOf(caches);
  return [
    ...caches.filter(isWrapMiss).map((record) => wrapMiss(record, unit)),
    ...windows.map((window) => windowMiss(window, windows, unit)),
  ];
}

function isWrapMiss({ operation, computation }: CacheRecord): boolean {
  return operation === 'wrap' && computation !== undefined && computation.isFailed !== true;
}

function wrapMiss(record: CacheRecord, unit: AnalysedUnit): CacheMiss {
  const { startedAt } = unit.unit;
  const inner = innerComputations(record.id, unit.unit.caches);
  const queries = unit.queries.filter((query) => inner.has(query.record.computation ?? 0));
  const { startMs = 0, durationMs = 0 } = record.computation ?? {};
  return {
    record,
    queries: queries.map((query) => ({ query, share: 1 })),
    statements: queries.length,
    computeMs: durationMs,
    databaseMs: costOf(queries).timeMs,
    from: startedAt + record.startMs,
    to: startedAt + Math.max(record.startMs + record.durationMs, startMs + durationMs),
    stored: record,
  };
}

/** The computation and those that ran inside of it. */
function innerComputations(id: number, caches: readonly CacheRecord[]): ReadonlySet<number> {
  const inner = new Set([id]);
  for (const { id: other, within } of caches) if (within !== undefined && inner.has(within)) inner.add(other);
  return inner;
}

/** Each look-up that missed, with the next `set` of its key. */
function windowsOf(caches: readonly CacheRecord[]): readonly Window[] {
  const open = new Map<string, CacheRecord[]>();
  const windows: Window[] = [];
  for (const record of caches) {
    // Hits are most of what there is.
    if (open.size === 0 && !isLookUpMiss(record)) continue;
    const key = `${record.cache}\n${record.pattern}\n${String(record.key)}`;
    const misses = open.get(key) ?? [];
    if (isLookUpMiss(record)) open.set(key, [...misses, record]);
    // A key that is found again was stored by somebody else: the look-ups before it were for nothing.
    else if (record.operation === 'get') open.delete(key);
    else if (record.operation === 'set') {
      const miss = misses.shift();
      if (miss !== undefined) windows.push({ record: miss, set: record });
    }
  }
  return windows;
}

/** What Nest's interceptor reads of a cached null is a miss to it. */
function isLookUpMiss({ operation, outcome, isNull, via, collision }: CacheRecord): boolean {
  if (operation !== 'get') return false;
  const isEmpty = isNull === true && via === 'interceptor';
  return (
    outcome === 'miss' || outcome === 'failure' || outcome === 'stale' || isEmpty || collision !== undefined
  );
}

function windowMiss(window: Window, windows: readonly Window[], unit: AnalysedUnit): CacheMiss {
  const { record, set } = window;
  const rivals = windows.filter((other) => isRival(window, other));
  const queries = unit.queries
    .filter((query) => isIn(window, query.record.sequence))
    .map((query) => ({
      query,
      share: 1 / (1 + rivals.filter((rival) => isIn(rival, query.record.sequence)).length),
    }));
  const lookUpEnd = record.startMs + record.durationMs;
  const { startedAt } = unit.unit;
  return {
    record,
    queries,
    statements: queries.reduce((sum, { share }) => sum + share, 0),
    computeMs: Math.max(0, set.startMs - lookUpEnd),
    databaseMs: costOf(queries.map(({ query }) => query)).timeMs,
    from: startedAt + record.startMs,
    to: startedAt + set.startMs + set.durationMs,
    ...(set.outcome === 'set' ? { stored: set } : {}),
  };
}

function isIn({ record, set }: Window, sequence: number): boolean {
  return sequence >= record.endSequence && sequence < set.sequence;
}

/** Look-ups side by side share what ran meanwhile; an interceptor is around everything that its handler looks up. */
function isRival(window: Window, other: Window): boolean {
  return (
    other !== window && other.record.via === window.record.via && other.record.within === window.record.within
  );
}
