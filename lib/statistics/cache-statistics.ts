import type { CacheMiss } from '../analysis/cache-misses.js';
import type { CacheRecord, CacheVia } from '../record/cache-record.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import { CachedEntries } from './cached-entries.js';
import { COARSE, Distribution } from './distribution.js';
import { RatioOverTime } from './ratio-over-time.js';
import { MAX_ROUTES_PER_STATEMENT } from './statistics-limits.js';
import type { TableWrite } from './table-writes.js';

const LOOK_UPS: ReadonlySet<string> = new Set(['get', 'mget', 'wrap']);
const MAX_TABLES = 20;
const MAX_TIERS = 10;

/** What was counted of the accesses of one pattern of keys. */
export interface CacheCounts {
  hits: number;
  misses: number;
  stale: number;
  coalesced: number;
  sets: number;
  deletes: number;
  /** Accesses in which the store failed; those of them that were look-ups count as misses too. */
  failures: number;
  /** Nulls that were found: Nest's interceptor takes them for misses. */
  nulls: number;
}

/** Values that were served although a table they were made of had been written to after they were stored. */
export interface StaleReads {
  hits: number;
  /** Longest time between the write and the hit, in milliseconds. */
  maxAgeMs: number;
  /** The last such write. */
  write?: TableWrite;
}

/** Everything that is kept of one pattern of keys in one cache. */
export class CacheStatistics {
  readonly cache: string;
  readonly pattern: string;
  readonly via = new Set<CacheVia>();
  readonly counts: CacheCounts = {
    hits: 0,
    misses: 0,
    stale: 0,
    coalesced: 0,
    sets: 0,
    deletes: 0,
    failures: 0,
    nulls: 0,
  };
  firstSeen = Infinity;
  lastSeen = 0;
  /** Hits by the store that answered. */
  readonly tiers = new Map<string, number>();
  readonly hitMs = new Distribution(COARSE);
  readonly missMs = new Distribution(COARSE);
  readonly computeMs = new Distribution(COARSE);
  readonly bytes = new Distribution(COARSE);
  readonly betweenUsesMs = new Distribution(COARSE);
  /** Statements and database time of all computations. */
  statements = 0;
  databaseMs = 0;
  /** The last that was set. */
  ttlMs: number | undefined;
  readonly entries = new CachedEntries();
  readonly overTime = new RatioOverTime();
  readonly staleReads: StaleReads = { hits: 0, maxAgeMs: 0 };
  readonly tables = new Set<string>();
  readonly dataSources = new Set<string>();
  private readonly routes = new Map<string, number>();

  constructor(of: Pick<CacheStatistics, 'cache' | 'pattern'>) {
    this.cache = of.cache;
    this.pattern = of.pattern;
  }

  add(record: CacheRecord, unit: UnitOfWork): void {
    const at = unit.startedAt + record.startMs;
    this.seen(at);
    this.via.add(record.via);
    if (record.error !== undefined) this.counts.failures++;
    if (record.bytes !== undefined) this.bytes.add(record.bytes);
    if (LOOK_UPS.has(record.operation)) this.addLookUp(record, unit, at);
    else if (record.outcome === 'set') this.stored(record, at + record.durationMs);
    else if (record.outcome === 'delete') {
      this.counts.deletes += Math.max(1, record.keys);
      this.entries.deletedAt(record.key, at + record.durationMs);
    }
  }

  /** What a look-up that missed had computed. */
  addMiss(miss: CacheMiss): void {
    this.computeMs.add(miss.computeMs);
    this.statements += miss.statements;
    this.databaseMs += miss.databaseMs;
    const { stored } = miss;
    if (stored === undefined) return;
    // A refresh in the background is no stampede.
    if (stored.computation?.isBackground !== true) this.entries.computed(miss.record.key, miss.from, miss.to);
    if (stored.operation === 'wrap') this.stored(stored, miss.to);
  }

  addTables(tables: Iterable<string>): void {
    for (const table of tables) if (this.tables.size < MAX_TABLES) this.tables.add(table);
  }

  /** A hit was served although `write` had come after the value was stored. */
  addStaleRead(write: TableWrite, at: number): void {
    this.staleReads.hits++;
    this.staleReads.write = write;
    this.staleReads.maxAgeMs = Math.max(this.staleReads.maxAgeMs, at - write.at);
  }

  merge(other: CacheStatistics): void {
    for (const name of Object.keys(this.counts) as (keyof CacheCounts)[])
      this.counts[name] += other.counts[name];
    this.seen(other.firstSeen);
    this.seen(other.lastSeen);
    for (const via of other.via) this.via.add(via);
    for (const [tier, hits] of other.tiers) this.addTo(this.tiers, tier, hits, MAX_TIERS);
    for (const [route, count] of other.routes)
      this.addTo(this.routes, route, count, MAX_ROUTES_PER_STATEMENT);
    for (const name of ['hitMs', 'missMs', 'computeMs', 'bytes', 'betweenUsesMs'] as const)
      this[name].merge(other[name]);
    this.statements += other.statements;
    this.databaseMs += other.databaseMs;
    this.ttlMs ??= other.ttlMs;
    this.entries.merge(other.entries);
    this.overTime.merge(other.overTime);
    this.addTables(other.tables);
    for (const name of other.dataSources) this.dataSources.add(name);
    this.staleReads.hits += other.staleReads.hits;
    this.staleReads.maxAgeMs = Math.max(this.staleReads.maxAgeMs, other.staleReads.maxAgeMs);
    this.staleReads.write ??= other.staleReads.write;
  }

  /** Keys that were asked for. Who waited for the computation of another neither hit nor missed. */
  get lookUps(): number {
    return this.answered + this.counts.misses + this.counts.coalesced;
  }

  /** Keys that were found. */
  get answered(): number {
    return this.counts.hits + this.counts.stale;
  }

  /** Of the keys that were asked for, those that were found; 0 where none was asked for. */
  get hitRatio(): number {
    const decided = this.answered + this.counts.misses;
    return decided === 0 ? 0 : this.answered / decided;
  }

  /** Most frequent first. */
  routesByCount(): readonly string[] {
    return [...this.routes].sort(([, a], [, b]) => b - a).map(([route]) => route);
  }

  private addLookUp(record: CacheRecord, unit: UnitOfWork, at: number): void {
    const { outcome, found, keys, isNull, via } = record;
    // What the caller makes of it counts.
    const hits = isNull === true && via === 'interceptor' ? 0 : found;
    if (isNull === true) this.counts.nulls++;
    if (outcome === 'coalesced') this.counts.coalesced++;
    else if (outcome === 'stale') this.counts.stale += via === 'typeorm' ? 0 : 1;
    else this.counts.hits += hits;
    const isMissOfTypeorm = outcome === 'stale' && via === 'typeorm';
    if (outcome !== 'coalesced' && (outcome !== 'stale' || isMissOfTypeorm))
      this.counts.misses += isMissOfTypeorm ? 1 : keys - hits;
    (hits > 0 ? this.hitMs : this.missMs).add(record.durationMs);
    if (hits > 0 && record.tier !== undefined) this.addTo(this.tiers, record.tier, hits, MAX_TIERS);
    this.addTo(this.routes, unit.name, 1, MAX_ROUTES_PER_STATEMENT);
    if (outcome !== 'coalesced') this.overTime.add(at, keys, isMissOfTypeorm ? 0 : hits);
    const between = this.entries.lookedUp(record.key, at, hits > 0);
    if (between !== undefined) this.betweenUsesMs.add(between);
    if (record.operation === 'wrap' && record.ttlMs !== undefined) this.ttlMs = record.ttlMs;
  }

  private stored(record: CacheRecord, at: number): void {
    this.counts.sets += record.keys;
    if (record.ttlMs !== undefined) this.ttlMs = record.ttlMs;
    this.entries.setAt(record.key, at, record.ttlMs);
  }

  private addTo(map: Map<string, number>, name: string, count: number, maximum: number): void {
    const known = map.get(name);
    if (known !== undefined || map.size < maximum) map.set(name, (known ?? 0) + count);
  }

  private seen(at: number): void {
    this.firstSeen = Math.min(this.firstSeen, at);
    this.lastSeen = Math.max(this.lastSeen, at);
  }
}
