import type { AnalysedUnit } from '../analysis/detector.js';
import type { Finding } from '../analysis/finding.js';
import type { AnalysedQuery, RelationLoad } from '../analysis/relation-load.js';
import { addReads, readOf } from './add-reads.js';
import { addLockConflicts, addTransactions } from './add-transactions.js';
import { BoundedMap } from './bounded-map.js';
import { CachesStatistics } from './caches-statistics.js';
import { DataSourceStatistics } from './data-source-statistics.js';
import { FindingStatistics } from './finding-statistics.js';
import { findingId, findingPlace, findingSubject } from './finding-place.js';
import { hydrationByQuery } from './hydration-by-query.js';
import { LockConflictStatistics } from './lock-conflict-statistics.js';
import { PoolStatistics } from './pool-statistics.js';
import { ReadStatistics } from './read-statistics.js';
import { relationIdentity, relationOrigin } from './relation-origin.js';
import { RelationStatistics } from './relation-statistics.js';
import { MAX_RECENT_STATEMENTS, RecentTimes } from './recent-times.js';
import { ReplicaReads } from './replica-reads.js';
import { RepeatedReads } from './repeated-reads.js';
import { RouteStatistics, type UnitTotals } from './route-statistics.js';
import { rowsOf } from '../record/rows-of.js';
import { StatementStatistics } from './statement-statistics.js';
import { DEFAULT_STATISTICS_LIMITS, type StatisticsLimits } from './statistics-limits.js';
import { noTotals, type StatisticsTotals } from './statistics-totals.js';
import { TransactionStatistics } from './transaction-statistics.js';

/**
 * Bounded totals of everything that was seen. Two of them can be merged, in any order, to what one would have counted
 * (as long as no maximum was reached). It has no clock: time comes with the units of work.
 */
export class Statistics {
  readonly statements: BoundedMap<StatementStatistics>;
  /** Of the statements seen last; a picture only, so what gives way is not counted. */
  readonly recentTimes = new BoundedMap<RecentTimes>(MAX_RECENT_STATEMENTS);
  readonly routes: BoundedMap<RouteStatistics>;
  readonly relations: BoundedMap<RelationStatistics>;
  readonly dataSources: BoundedMap<DataSourceStatistics>;
  readonly findings: BoundedMap<FindingStatistics>;
  readonly reads: BoundedMap<ReadStatistics>;
  readonly transactions: BoundedMap<TransactionStatistics>;
  readonly pools: BoundedMap<PoolStatistics>;
  readonly lockConflicts: BoundedMap<LockConflictStatistics>;
  readonly caches: CachesStatistics;
  readonly repeatedReads: RepeatedReads;
  readonly replicaReads = new ReplicaReads();
  totals: StatisticsTotals = noTotals();
  /** Start of the first unit and end of the last, in milliseconds since the epoch; undefined while nothing was seen. */
  from?: number;
  to?: number;

  constructor(readonly limits: StatisticsLimits = DEFAULT_STATISTICS_LIMITS) {
    this.statements = new BoundedMap(limits.maxStatements);
    this.routes = new BoundedMap(limits.maxRoutes);
    this.relations = new BoundedMap(limits.maxRelations);
    this.dataSources = new BoundedMap(limits.maxDataSources);
    this.findings = new BoundedMap(limits.maxFindings);
    this.reads = new BoundedMap(limits.maxReads);
    this.transactions = new BoundedMap(limits.maxTransactions);
    // Two of each data source: primary and replicas.
    this.pools = new BoundedMap(2 * limits.maxDataSources);
    this.lockConflicts = new BoundedMap(limits.maxLockConflicts);
    this.caches = new CachesStatistics(limits.maxCachePatterns);
    this.repeatedReads = new RepeatedReads(limits.maxRepeatedReads);
  }

  /** Counts one unit of work and what was found in it. */
  add(unit: AnalysedUnit, findings: readonly Finding[]): void {
    const hydration = hydrationByQuery(unit);
    for (const query of unit.queries) this.addQuery(unit, query, hydration.get(query) ?? 0);
    this.addRoute(unit, unitTotals(unit, hydration));
    this.addRelations(unit);
    addReads(unit, this.reads);
    addTransactions(unit, this.transactions);
    this.addPools(unit);
    addLockConflicts(unit, this.lockConflicts);
    this.replicaReads.add(unit);
    this.caches.add(unit);
    this.repeatedReads.add(unit, this.caches.writes);
    for (const finding of findings) this.addFinding(finding, unit);
    this.widen(unit.unit.startedAt, unit.unit.startedAt + unit.unit.durationMs);
  }

  /** Counts a finding that belongs to no unit of work: it was seen at the moment `at`, in milliseconds since the epoch. */
  addLive(finding: Finding, at: number): void {
    this.findings.touch(findingId(finding), () => new FindingStatistics(finding)).add(finding, at);
  }

  /** Takes in what another one counted; that one stays as it is. */
  merge(other: Statistics): void {
    this.statements.merge(other.statements, (like) => new StatementStatistics(like), mergeInto);
    this.recentTimes.merge(other.recentTimes, () => new RecentTimes(), mergeInto);
    this.routes.merge(other.routes, (like) => new RouteStatistics(like), mergeInto);
    this.relations.merge(other.relations, (like) => new RelationStatistics(like.identity), mergeInto);
    this.dataSources.merge(other.dataSources, (like) => new DataSourceStatistics(like), mergeInto);
    this.findings.merge(other.findings, (like) => new FindingStatistics(like.finding), mergeInto);
    this.reads.merge(other.reads, (like) => new ReadStatistics(like.identity), mergeInto);
    this.pools.merge(other.pools, (like) => new PoolStatistics(like), mergeInto);
    this.transactions.merge(other.transactions, (like) => new TransactionStatistics(like), mergeInto);
    this.lockConflicts.merge(other.lockConflicts, (like) => new LockConflictStatistics(like), mergeInto);
    this.caches.merge(other.caches);
    this.repeatedReads.merge(other.repeatedReads);
    this.replicaReads.merge(other.replicaReads);
    for (const name of Object.keys(this.totals) as (keyof StatisticsTotals)[])
      this.totals[name] += other.totals[name];
    if (other.from !== undefined && other.to !== undefined) this.widen(other.from, other.to);
  }

  reset(): void {
    const { statements, routes, relations, dataSources, findings, reads } = this;
    for (const map of [statements, routes, relations, dataSources, findings, reads]) map.clear();
    for (const map of [this.pools, this.transactions, this.lockConflicts, this.recentTimes]) map.clear();
    for (const map of [this.caches, this.repeatedReads, this.replicaReads]) map.clear();
    this.totals = noTotals();
    this.from = undefined;
    this.to = undefined;
  }

  /** Entries given up because a maximum was reached, by collection. */
  evicted(): Readonly<Record<string, number>> {
    return {
      statements: this.statements.evicted,
      routes: this.routes.evicted,
      relations: this.relations.evicted,
      dataSources: this.dataSources.evicted,
      findings: this.findings.evicted,
      reads: this.reads.evicted,
      transactions: this.transactions.evicted,
      pools: this.pools.evicted,
      lockConflicts: this.lockConflicts.evicted,
      cachePatterns: this.caches.patterns.evicted,
      replicaReads: this.replicaReads.places.evicted,
    };
  }

  /** Oldest first; none for a statement that many others have been seen after. */
  recentTimesOf({ dataSource, fingerprint }: StatementStatistics): readonly number[] {
    return this.recentTimes.get(statementKey(dataSource, fingerprint))?.list() ?? [];
  }

  private addQuery({ unit, schemas }: AnalysedUnit, query: AnalysedQuery, hydrateMs: number): void {
    const { record, statement } = query;
    const { dataSource } = record;
    const key = statementKey(dataSource, statement.fingerprint);
    this.statements
      .touch(key, () => new StatementStatistics({ ...statement, dataSource }))
      .add(query, unit, hydrateMs);
    this.recentTimes.touch(key, () => new RecentTimes()).add(record.executeMs, unit.startedAt);
    const driver = schemas.get(dataSource)?.driver ?? 'unknown';
    const like = { name: dataSource, driver };
    const source = this.dataSources.touch(dataSource, () => new DataSourceStatistics(like));
    if (source.driver === 'unknown') source.driver = driver;
    source.add(record, hydrateMs, unit.startedAt);
  }

  private addRoute({ unit }: AnalysedUnit, totals: UnitTotals): void {
    this.routes
      .touch(`${unit.kind}\n${unit.name}`, () => new RouteStatistics({ route: unit.name, kind: unit.kind }))
      .add(unit, totals);
    this.totals.units += unit.isAfterResponse === true ? 0 : 1;
    this.totals.queries += totals.queries + unit.dropped.queries;
    this.totals.errors += totals.errors;
    this.totals.rows += totals.rows;
    this.totals.wait += totals.time.wait;
    this.totals.execute += totals.time.execute;
    this.totals.hydrate += totals.time.hydrate;
    this.totals.dropped += unit.dropped.queries + unit.dropped.loads + unit.dropped.cacheAccesses;
  }

  private addRelations(unit: AnalysedUnit): void {
    const loadsByEntry = new Map<RelationStatistics, number>();
    for (const load of unit.relationLoads) {
      const entry = this.relationEntry(unit, load);
      entry.add(load, entry.origin ?? relationOrigin(load, unit));
      entry.addRead(readOf(unit, load)?.state);
      this.addSavings(load);
      loadsByEntry.set(entry, (loadsByEntry.get(entry) ?? 0) + 1);
    }
    for (const [entry, loads] of loadsByEntry) entry.addUnit(loads, unit.unit.startedAt);
  }

  private addSavings({ served }: RelationLoad): void {
    if (served === undefined) return;
    this.totals.batchedLoads++;
    this.totals.statementsSaved += Math.max(0, served - 1);
  }

  private relationEntry({ unit, schemas }: AnalysedUnit, load: RelationLoad): RelationStatistics {
    const key = [unit.name, load.dataSource, load.relation, load.strategy, load.isCount].join('\n');
    const schema = schemas.get(load.dataSource);
    return this.relations.touch(key, () => new RelationStatistics(relationIdentity(load, unit.name, schema)));
  }

  private addPools({ unit }: AnalysedUnit): void {
    for (const use of unit.pools)
      this.pools
        .touch(`${use.dataSource}\n${use.server}`, () => new PoolStatistics(use))
        .add(use, unit.startedAt);
  }

  /** A finding whose call site was not sampled belongs to the place where the same was seen before. */
  idOf(finding: Finding): string {
    const place = findingPlace(finding) === '' ? this.knownPlace(findingSubject(finding)) : undefined;
    return place?.id ?? findingId(finding);
  }

  private addFinding(finding: Finding, { unit }: AnalysedUnit): void {
    this.findings
      .touch(this.idOf(finding), () => new FindingStatistics(finding))
      .add(finding, unit.startedAt, unit.traceId);
  }

  private knownPlace(subject: string): FindingStatistics | undefined {
    for (const known of this.findings.values()) if (known.subject === subject) return known;
    return undefined;
  }

  private widen(from: number, to: number): void {
    this.from = Math.min(this.from ?? from, from);
    this.to = Math.max(this.to ?? to, to);
  }
}

function mergeInto<Entry extends { merge(other: Entry): void }>(into: Entry, from: Entry): void {
  into.merge(from);
}

function unitTotals({ queries }: AnalysedUnit, hydration: ReadonlyMap<AnalysedQuery, number>): UnitTotals {
  let [wait, execute, hydrate, errors, rows] = [0, 0, 0, 0, 0];
  for (const query of queries) {
    const { record } = query;
    wait += positive(record.waitMs);
    execute += positive(record.executeMs);
    hydrate += positive(hydration.get(query) ?? 0);
    rows += positive(rowsOf(record));
    if (record.error !== undefined) errors++;
  }
  return { queries: queries.length, errors, rows, time: { wait, execute, hydrate } };
}

function positive(value: number): number {
  return value > 0 && Number.isFinite(value) ? value : 0;
}

function statementKey(dataSource: string, fingerprint: string): string {
  return `${dataSource}\n${fingerprint}`;
}
