import type { AnalysedQuery } from '../analysis/relation-load.js';
import type { CallSite } from '../record/call-site.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import { cutText } from '../record/cut-text.js';
import { addCallSite } from './add-call-site.js';
import { MAX_ROUTES_PER_STATEMENT, MAX_TEXT_LENGTH } from './statistics-limits.js';

/** How two transactions stood in each other's way. */
export type LockConflict = 'deadlock' | 'serialization-failure' | 'lock-timeout';

/**
 * By SQLSTATE (PostgreSQL, appendix A), MySQL and MariaDB error names (1213, 1205, 3572), and SQLite's result codes. In MySQL a
 * deadlock has SQLSTATE 40001, and its driver gives the name.
 */
const CONFLICTS: Readonly<Record<string, LockConflict>> = {
  '40P01': 'deadlock',
  '40001': 'serialization-failure',
  '55P03': 'lock-timeout',
  ER_LOCK_DEADLOCK: 'deadlock',
  ER_LOCK_WAIT_TIMEOUT: 'lock-timeout',
  ER_LOCK_NOWAIT: 'lock-timeout',
  SQLITE_BUSY: 'lock-timeout',
};

/** What conflict an error code stands for; undefined for any other error. */
export function lockConflict(code: string | undefined): LockConflict | undefined {
  return code === undefined ? undefined : CONFLICTS[code];
}

/** One statement shape that lost such a conflict. */
export class LockConflictStatistics {
  readonly conflict: LockConflict;
  readonly code: string;
  readonly dataSource: string;
  readonly fingerprint: string;
  readonly text: string;
  /** Tables that it reads and writes. */
  readonly tables: readonly string[];
  count = 0;
  /** Time until the database gave up, all together. */
  lostMs = 0;
  firstSeen = Infinity;
  lastSeen = 0;
  readonly routes: string[] = [];
  readonly callSites: CallSite[] = [];

  constructor(
    of: Pick<LockConflictStatistics, 'conflict' | 'code' | 'dataSource' | 'fingerprint' | 'text' | 'tables'>,
  ) {
    this.conflict = of.conflict;
    this.code = of.code;
    this.dataSource = of.dataSource;
    this.fingerprint = of.fingerprint;
    this.text = cutText(of.text, MAX_TEXT_LENGTH);
    this.tables = of.tables;
  }

  add({ record }: AnalysedQuery, unit: UnitOfWork): void {
    this.count++;
    this.lostMs += record.executeMs;
    this.seen(unit.startedAt);
    this.addRoute(unit.name);
    addCallSite(this.callSites, record.callSite);
  }

  merge(other: LockConflictStatistics): void {
    this.count += other.count;
    this.lostMs += other.lostMs;
    this.seen(other.firstSeen);
    this.seen(other.lastSeen);
    for (const route of other.routes) this.addRoute(route);
    for (const site of other.callSites) addCallSite(this.callSites, site);
  }

  private seen(at: number): void {
    this.firstSeen = Math.min(this.firstSeen, at);
    this.lastSeen = Math.max(this.lastSeen, at);
  }

  private addRoute(route: string): void {
    if (!this.routes.includes(route) && this.routes.length < MAX_ROUTES_PER_STATEMENT)
      this.routes.push(route);
  }
}
