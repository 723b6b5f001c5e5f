import { isAmbient } from '../record/ambient.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import { cacheMisses } from '../analysis/cache-misses.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import type { LoadRecord } from '../record/load-record.js';
import { BoundedMap } from './bounded-map.js';
import { readInputs, type AskedBy } from './read-inputs.js';
import { readIdentity, RepeatedRead } from './repeated-read.js';
import { tablesRead, type TableWrites } from './table-writes.js';

/** Reads that unit after unit repeats with the same values: what a cache could answer. */
export class RepeatedReads {
  readonly entries: BoundedMap<RepeatedRead>;

  constructor(maxReads: number) {
    this.entries = new BoundedMap(maxReads);
  }

  /** `writes` knows the unit's own already. */
  add(unit: AnalysedUnit, writes: TableWrites): void {
    // Start-up and what belongs to no request is no traffic.
    if (unit.queries.length === 0 || isAmbient(unit.unit.kind)) return;
    const cached = cachedQueries(unit);
    for (const query of unit.queries)
      if (isCandidate(query) && cached?.has(query) !== true) this.addQuery(query, unit, writes);
  }

  merge(other: RepeatedReads): void {
    this.entries.merge(
      other.entries,
      (like) => new RepeatedRead(like),
      (into, from) => {
        into.merge(from);
      },
    );
  }

  clear(): void {
    this.entries.clear();
  }

  private addQuery(query: AnalysedQuery, { unit, tree }: AnalysedUnit, writes: TableWrites): void {
    const { record, statement } = query;
    const at = unit.startedAt + record.startMs;
    const entry = this.entries.touch(readIdentity(query), () => {
      const askedBy = askerOf(tree.find(record.load));
      const inputs = readInputs(query, askedBy);
      return new RepeatedRead({
        ...statement,
        dataSource: record.dataSource,
        tables: tablesRead(query),
        askedBy,
        inputs,
        firstSeen: at,
      });
    });
    if (entry.units > 0 && writes.between(entry.tables, entry.firstSeen, at) !== undefined) entry.restart(at);
    entry.add(query, unit, at);
  }
}

function askerOf(load: LoadRecord | undefined): AskedBy {
  if (load?.kind === 'relation') return 'relation';
  if (load?.kind !== 'entities') return 'other';
  return load.isFind ? 'find' : 'builder';
}

/** What ran to make a value that was missing in a cache; undefined where there was none. */
function cachedQueries(unit: AnalysedUnit): ReadonlySet<AnalysedQuery> | undefined {
  const misses = cacheMisses(unit);
  if (misses.length === 0) return undefined;
  return new Set(misses.flatMap(({ queries }) => queries.map(({ query }) => query)));
}

/** A plain read that nobody caches: not of a transaction, which wants to see its own state, and no lock. */
function isCandidate({ record, statement }: AnalysedQuery): boolean {
  return (
    statement.kind === 'select' &&
    !statement.isLocking &&
    // TypeORM's second statement of the same page says it, and caches both.
    !statement.isDistinctIds &&
    record.error === undefined &&
    record.transaction === undefined &&
    record.via === 'query' &&
    record.computation === undefined &&
    record.isOfResultCache !== true &&
    statement.tables.length > 0 &&
    statement.tables.every(({ access }) => access === 'read')
  );
}
