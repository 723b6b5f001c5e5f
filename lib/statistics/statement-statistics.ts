import type { UnitOfWork } from '../record/unit-of-work.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import type { CallSite } from '../record/call-site.js';
import { cutText } from '../record/cut-text.js';
import type { StatementKind } from '../sql/statement.js';
import { addCallSite } from './add-call-site.js';
import { rowsOf } from '../record/rows-of.js';
import { MAX_EXAMPLES, MAX_ROUTES_PER_STATEMENT, MAX_TEXT_LENGTH } from './statistics-limits.js';
import { TimeDistributions } from './time-distributions.js';

/** One slow call, and where to look at it. */
export interface StatementExample {
  readonly traceId?: string;
  /** Identity of the unit of work. */
  readonly unit: string;
  readonly durationMs: number;
}

/** The share of one route in a statement. */
export interface StatementRoute {
  readonly route: string;
  count: number;
  timeMs: number;
}

/** Everything that is kept of one statement shape of one data source. */
export class StatementStatistics {
  readonly fingerprint: string;
  readonly text: string;
  readonly summary: string;
  readonly kind: StatementKind;
  readonly dataSource: string;
  count = 0;
  /** Calls while the application started: seeds and migrations are no traffic. */
  startupCalls = 0;
  errors = 0;
  rows = 0;
  firstSeen = Infinity;
  lastSeen = 0;
  readonly times = new TimeDistributions();
  /** By time, greatest first, when read with {@link routesByTime}. */
  private routes: StatementRoute[] = [];
  readonly callSites: CallSite[] = [];
  /** Slowest first. */
  examples: StatementExample[] = [];

  constructor(of: Pick<StatementStatistics, 'fingerprint' | 'text' | 'summary' | 'kind' | 'dataSource'>) {
    this.fingerprint = of.fingerprint;
    this.text = cut(of.text);
    this.summary = of.summary;
    this.kind = of.kind;
    this.dataSource = of.dataSource;
  }

  add({ record }: AnalysedQuery, unit: UnitOfWork, hydrateMs: number): void {
    this.count++;
    this.startupCalls += unit.kind === 'bootstrap' ? 1 : 0;
    this.errors += record.error === undefined ? 0 : 1;
    this.rows += rowsOf(record);
    this.times.add({ wait: record.waitMs, execute: record.executeMs, hydrate: hydrateMs });
    this.seen(unit.startedAt);
    this.addRoute(unit.name, 1, record.waitMs + record.executeMs);
    addCallSite(this.callSites, record.callSite);
    if (this.isSlowest(record.executeMs))
      this.addExample({ traceId: unit.traceId, unit: unit.id, durationMs: record.executeMs });
  }

  merge(other: StatementStatistics): void {
    this.count += other.count;
    this.startupCalls += other.startupCalls;
    this.errors += other.errors;
    this.rows += other.rows;
    this.times.merge(other.times);
    this.seen(other.firstSeen);
    this.seen(other.lastSeen);
    for (const { route, count, timeMs } of other.routes) this.addRoute(route, count, timeMs);
    for (const site of other.callSites) addCallSite(this.callSites, site);
    for (const example of other.examples) this.addExample(example);
  }

  /** Wait and execution, in milliseconds. */
  get totalMs(): number {
    return this.times.wait.sum + this.times.execute.sum;
  }

  routesByTime(): readonly StatementRoute[] {
    return [...this.routes].sort((a, b) => b.timeMs - a.timeMs);
  }

  private seen(at: number): void {
    this.firstSeen = Math.min(this.firstSeen, at);
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  private addRoute(route: string, count: number, timeMs: number): void {
    const [first] = this.routes;
    const known = first?.route === route ? first : this.routes.find((entry) => entry.route === route);
    if (known !== undefined) {
      known.count += count;
      known.timeMs += timeMs;
    } else if (this.routes.length < MAX_ROUTES_PER_STATEMENT) this.routes.push({ route, count, timeMs });
  }

  private isSlowest(durationMs: number): boolean {
    const fastest = this.examples[MAX_EXAMPLES - 1];
    return fastest === undefined || !(fastest.durationMs >= durationMs);
  }

  private addExample(example: StatementExample): void {
    if (!this.isSlowest(example.durationMs)) return;
    this.examples = [...this.examples, example]
      .sort((a, b) => b.durationMs - a.durationMs)
      .slice(0, MAX_EXAMPLES);
  }
}

function cut(text: string): string {
  return text.length <= MAX_TEXT_LENGTH ? text : `${cutText(text, MAX_TEXT_LENGTH - 1)}…`;
}
