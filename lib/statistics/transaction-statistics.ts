import { longestGap, type AnalysedTransaction } from '../analysis/analysed-transaction.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import type { CallSite } from '../record/call-site.js';
import type { QueryError } from '../record/query-record.js';
import { COARSE, Distribution } from './distribution.js';
import { statementName } from './statement-name.js';
import { MAX_ERRORS, MAX_ISOLATIONS } from './statistics-limits.js';

/** Why transactions of one place were undone. */
export interface RollbackCause {
  /** SQLSTATE or the driver's code, else its error class; `application`: no statement had failed. */
  readonly code: string;
  count: number;
}

/** The longest time without a statement that was seen, and what stood around it. */
export interface LongestGap {
  readonly durationMs: number;
  /** Absent: BEGIN, and COMMIT or ROLLBACK. */
  readonly before?: string;
  readonly after?: string;
  readonly callSite?: CallSite;
}

/** Everything that is kept of the transactions that one place in the code begins, for one route. */
export class TransactionStatistics {
  readonly route: string;
  readonly dataSource: string;
  /** `save` and its kin, where one of them began it. */
  readonly operation?: string;
  readonly entity?: string;
  callSite?: CallSite;
  count = 0;
  committed = 0;
  rolledBack = 0;
  abandoned = 0;
  savepoints = 0;
  idleMs = 0;
  boundaryMs = 0;
  /** In the unit of work that had most of them. */
  maxPerUnit = 0;
  lastSeen = 0;
  readonly durationMs = new Distribution(COARSE);
  readonly statements = new Distribution(COARSE);
  readonly isolations = new Set<string>();
  causes: RollbackCause[] = [];
  gap?: LongestGap;

  constructor(of: Pick<TransactionStatistics, 'route' | 'dataSource' | 'operation' | 'entity'>) {
    this.route = of.route;
    this.dataSource = of.dataSource;
    if (of.operation !== undefined) this.operation = of.operation;
    if (of.entity !== undefined) this.entity = of.entity;
  }

  add(transaction: AnalysedTransaction, unit: AnalysedUnit): void {
    const { record, callSite } = transaction;
    this.count++;
    this.committed += record.outcome === 'committed' ? 1 : 0;
    this.rolledBack += record.outcome === 'rolled-back' ? 1 : 0;
    this.abandoned += record.outcome === 'abandoned' ? 1 : 0;
    this.savepoints += record.savepoints;
    this.idleMs += record.idleMs;
    this.boundaryMs += record.boundaryMs;
    this.lastSeen = Math.max(this.lastSeen, unit.unit.startedAt);
    this.durationMs.add(record.durationMs);
    this.statements.add(record.statements);
    this.addIsolation(record.isolation);
    if (record.outcome === 'rolled-back') this.addCause(causeOf(transaction), 1);
    this.callSite ??= callSite;
    this.addGap(gapOf(transaction, unit));
  }

  addUnit(transactions: number): void {
    this.maxPerUnit = Math.max(this.maxPerUnit, transactions);
  }

  merge(other: TransactionStatistics): void {
    this.count += other.count;
    this.committed += other.committed;
    this.rolledBack += other.rolledBack;
    this.abandoned += other.abandoned;
    this.savepoints += other.savepoints;
    this.idleMs += other.idleMs;
    this.boundaryMs += other.boundaryMs;
    this.maxPerUnit = Math.max(this.maxPerUnit, other.maxPerUnit);
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    this.durationMs.merge(other.durationMs);
    this.statements.merge(other.statements);
    for (const isolation of other.isolations) this.addIsolation(isolation);
    for (const { code, count } of other.causes) this.addCause(code, count);
    this.callSite ??= other.callSite;
    this.addGap(other.gap);
  }

  private addIsolation(isolation: string | undefined): void {
    if (isolation !== undefined && this.isolations.size < MAX_ISOLATIONS) this.isolations.add(isolation);
  }

  private addCause(code: string, count: number): void {
    const known = this.causes.find((cause) => cause.code === code);
    if (known !== undefined) known.count += count;
    else if (this.causes.length < MAX_ERRORS) this.causes.push({ code, count });
  }

  private addGap(gap: LongestGap | undefined): void {
    if (gap !== undefined && gap.durationMs > (this.gap?.durationMs ?? 0)) this.gap = gap;
  }
}

function causeOf({ record, queries }: AnalysedTransaction): string {
  const failed = queries.find((query) => query.record.error !== undefined)?.record.error;
  return codeOf(record.error ?? failed);
}

function codeOf(error: QueryError | undefined): string {
  return error === undefined ? 'application' : (error.code ?? error.type);
}

function gapOf(transaction: AnalysedTransaction, unit: AnalysedUnit): LongestGap | undefined {
  const gap = longestGap(transaction, unit);
  if (gap === undefined) return undefined;
  const { durationMs, before, after } = gap;
  const callSite = (after ?? before)?.record.callSite;
  return {
    durationMs,
    ...(before && { before: statementName(before.statement.text) }),
    ...(after && { after: statementName(after.statement.text) }),
    ...(callSite && { callSite }),
  };
}
