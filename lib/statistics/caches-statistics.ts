import { cacheMisses, type CacheMiss } from '../analysis/cache-misses.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import type { CacheRecord } from '../record/cache-record.js';
import { BoundedMap } from './bounded-map.js';
import { CacheStatistics } from './cache-statistics.js';
import { TableWrites, tablesRead } from './table-writes.js';

/** Every cache of the application, pattern by pattern, and what was written meanwhile. */
export class CachesStatistics {
  readonly patterns: BoundedMap<CacheStatistics>;
  readonly writes = new TableWrites();

  constructor(maxPatterns: number) {
    this.patterns = new BoundedMap(maxPatterns);
  }

  add(unit: AnalysedUnit): void {
    this.writes.add(unit);
    const misses = new Map<CacheRecord, CacheMiss>();
    for (const miss of cacheMisses(unit)) misses.set(miss.stored ?? miss.record, miss);
    let entry: CacheStatistics | undefined;
    for (const record of inOrder(unit.unit.caches)) {
      // Loops ask for one pattern again and again.
      if (entry?.pattern !== record.pattern || entry.cache !== record.cache) entry = this.entryOf(record);
      if (record.operation === 'clear') this.cleared(record, unit);
      this.addStaleReads(entry, record, unit);
      entry.add(record, unit.unit);
      const miss = misses.get(record);
      if (miss !== undefined) this.addMiss(this.entryOf(miss.record), miss);
    }
  }

  merge(other: CachesStatistics): void {
    this.writes.merge(other.writes);
    this.patterns.merge(
      other.patterns,
      (like) => new CacheStatistics(like),
      (into, from) => {
        into.merge(from);
      },
    );
  }

  clear(): void {
    this.patterns.clear();
    this.writes.clear();
  }

  private entryOf({ cache, pattern }: CacheRecord): CacheStatistics {
    return this.patterns.touch(`${cache}\n${pattern}`, () => new CacheStatistics({ cache, pattern }));
  }

  private addMiss(entry: CacheStatistics, miss: CacheMiss): void {
    entry.addMiss(miss);
    for (const { query } of miss.queries) {
      entry.dataSources.add(query.record.dataSource);
      entry.addTables(tablesRead(query));
    }
  }

  private addStaleReads(entry: CacheStatistics, record: CacheRecord, { unit }: AnalysedUnit): void {
    if (record.found === 0 || record.keys !== 1 || entry.tables.size === 0) return;
    const at = unit.startedAt + record.startMs;
    const storedAt = entry.entries.storedAt(record.key);
    const write = storedAt === 0 ? undefined : this.writes.between(entry.tables, storedAt, at);
    if (write !== undefined) entry.addStaleRead(write, at);
  }

  private cleared({ cache, startMs, durationMs }: CacheRecord, { unit }: AnalysedUnit): void {
    const at = unit.startedAt + startMs + durationMs;
    for (const entry of this.patterns.values()) if (entry.cache === cache) entry.entries.clearedAt(at);
  }
}

/** By the moment at which they ended; accesses that overlap are few. */
function inOrder(records: readonly CacheRecord[]): readonly CacheRecord[] {
  const isInOrder = records.every((record, at) => at === 0 || endOf(records[at - 1]) <= endOf(record));
  return isInOrder ? records : [...records].sort((a, b) => endOf(a) - endOf(b));
}

function endOf(record: CacheRecord | undefined): number {
  return record === undefined ? 0 : record.startMs + record.durationMs;
}
