import type { Statistics } from '../statistics/statistics.js';
import type { LockConflictStatistics } from '../statistics/lock-conflict-statistics.js';
import type { TransactionStatistics } from '../statistics/transaction-statistics.js';
import { rounded } from '../record/rounded.js';
import { roundedPercentiles } from './rounded.js';
import type { LockConflictReport, TransactionReport } from './transaction-report.js';

/** Places that the report lists. */
const MAX_PLACES = 200;

/** By the time they were open together, greatest first. */
export function transactionReports(statistics: Statistics): readonly TransactionReport[] {
  return [...statistics.transactions.values()]
    .sort((a, b) => b.durationMs.sum - a.durationMs.sum)
    .slice(0, MAX_PLACES)
    .map(transactionReport);
}

/** Most frequent first. */
export function lockConflictReports(statistics: Statistics): readonly LockConflictReport[] {
  return [...statistics.lockConflicts.values()].sort((a, b) => b.count - a.count).map(lockConflictReport);
}

function transactionReport(entry: TransactionStatistics): TransactionReport {
  const { operation, entity, callSite, durationMs, idleMs, gap } = entry;
  return {
    route: entry.route,
    dataSource: entry.dataSource,
    ...(operation === undefined ? {} : { operation }),
    ...(entity === undefined ? {} : { entity }),
    ...(callSite === undefined ? {} : { callSite }),
    count: entry.count,
    committed: entry.committed,
    rolledBack: entry.rolledBack,
    abandoned: entry.abandoned,
    durationMs: roundedPercentiles(durationMs.percentiles()),
    statements: roundedPercentiles(entry.statements.percentiles()),
    idleMs: rounded(idleMs),
    idleShare: durationMs.sum === 0 ? 0 : rounded(Math.min(1, idleMs / durationMs.sum)),
    boundaryMs: rounded(entry.boundaryMs),
    maxPerUnit: entry.maxPerUnit,
    savepoints: entry.savepoints,
    isolations: [...entry.isolations],
    causes: entry.causes.map(({ code, count }) => ({ code, count })),
    ...(gap === undefined ? {} : { longestGap: { ...gap, durationMs: rounded(gap.durationMs) } }),
  };
}

function lockConflictReport(entry: LockConflictStatistics): LockConflictReport {
  const { conflict, code, dataSource, fingerprint, text, tables, count, lostMs } = entry;
  return {
    conflict,
    code,
    dataSource,
    fingerprint,
    statement: text,
    tables: [...tables],
    count,
    lostMs: rounded(lostMs),
    firstSeen: new Date(entry.firstSeen).toISOString(),
    lastSeen: new Date(entry.lastSeen).toISOString(),
    routes: [...entry.routes],
    callSites: [...entry.callSites],
  };
}
