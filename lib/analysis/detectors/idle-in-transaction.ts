import { callSiteKey, describeCallSite, distinctCallSites, type CallSite } from '../../record/call-site.js';
import type { PersistRecord } from '../../record/load-record.js';
import {
  longestGap,
  transactionsOf,
  type AnalysedGap,
  type AnalysedTransaction,
} from '../analysed-transaction.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { listOf, repositoryOf, variableOf } from '../relation-code.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { Thresholds } from '../thresholds.js';
import { timeText } from '../time-text.js';
import { groupBy } from '../totals.js';

/**
 * A transaction that holds its connection and its locks while nothing is asked of the database. Rulings: RULINGS.md, "pools,
 * transactions, replicas".
 */
export const detectIdleInTransaction: Detector = (unit, thresholds) => {
  const idle = transactionsOf(unit).filter((transaction) => isIdle(transaction, thresholds));
  const groups = groupBy(idle, placeOf);
  return [...groups.values()].map((group) => finding(group, unit));
};

/** Most of its time it did nothing, and that was long. */
export function isIdle({ record }: AnalysedTransaction, thresholds: Thresholds): boolean {
  const { idleTransactionMs, idleTransactionShare } = thresholds;
  return record.idleMs >= idleTransactionMs && record.idleMs >= idleTransactionShare * record.durationMs;
}

/** Transactions that one place in the code began. */
export function placeOf({ record, callSite, queries }: AnalysedTransaction): string {
  const place = callSite === undefined ? queries[0]?.statement.fingerprint : callSiteKey(callSite);
  return `${record.dataSource}|${place}`;
}

function finding(group: readonly AnalysedTransaction[], unit: AnalysedUnit): Finding {
  const worst = group.reduce((most, other) => (other.record.idleMs > most.record.idleMs ? other : most));
  const { record, queries } = worst;
  const gap = longestGap(worst, unit);
  return {
    ...makeFinding(unit, {
      kind: 'idle-in-transaction',
      severity: 'warning',
      title: `A transaction did nothing for ${timeText(record.idleMs)} of the ${timeText(record.durationMs)} it was open`,
      queries,
      callSites: placesOf(worst, gap),
      evidence: {
        text: `${many(group)}${gap === undefined ? 'No statement ran in it.' : gapText(gap)}`,
        facts: {
          transactions: group.length,
          statements: record.statements,
          durationMs: Math.round(record.durationMs),
          idleMs: Math.round(record.idleMs),
          longestGapMs: Math.round(gap?.durationMs ?? record.idleMs),
        },
      },
      advice: adviceOf(worst, gap, unit),
    }),
    dataSource: record.dataSource,
  };
}

function adviceOf(
  transaction: AnalysedTransaction,
  gap: AnalysedGap | undefined,
  unit: AnalysedUnit,
): Finding['advice'] {
  const isElsewhere = gap !== undefined && gap.meanwhile.length > 0;
  const persist = transaction.persist ?? savingDuring(gap, unit);
  if (persist !== undefined && !isElsewhere) return hookAdvice(persist);
  return {
    text: isElsewhere
      ? 'Meanwhile the unit asked on another connection, which does not see what the transaction has changed: use its manager for what belongs to it, and do the rest before it begins or after it has ended.'
      : 'Whatever ran there (a call to another service, a cache, a computation) kept a connection and every lock of the transaction: do it before the transaction begins or after it has ended.',
    code: 'const answer = await callOtherService()\nawait dataSource.transaction(async (manager) => { ... })',
  };
}

/** The call of `save()` or its kin that was running for most of a gap. */
function savingDuring(gap: AnalysedGap | undefined, { unit }: AnalysedUnit): PersistRecord | undefined {
  if (gap === undefined) return undefined;
  const untilMs = gap.startMs + gap.durationMs;
  return unit.loads.find((load): load is PersistRecord => {
    if (load.kind !== 'persist') return false;
    const sharedMs = Math.min(untilMs, load.startMs + load.durationMs) - Math.max(gap.startMs, load.startMs);
    return sharedMs * 2 > gap.durationMs;
  });
}

/** Between the statements of a `save` run its hooks, and TypeORM itself. */
function hookAdvice({ operation, entity, entities }: PersistRecord): Finding['advice'] {
  const isSave = operation === 'save';
  const hooks = isSave ? '@BeforeInsert() to @AfterUpdate()' : '@BeforeRemove() and its kin';
  const repository = repositoryOf(entity);
  const several = entities > 1 ? listOf(entity) : variableOf(entity);
  return {
    text:
      `It passed within ${operation}(). Hooks of entities (${hooks}) and subscribers run there, within the transaction: do what takes them ` +
      `long, like hashing or a call to another service, before ${operation}() or after it.` +
      (isSave && entities > 1
        ? ` Without hooks it is TypeORM's own work on ${String(entities)} entities, which it reads and compares; insert() and upsert() do neither.`
        : ''),
    code:
      isSave && entities > 1
        ? `await ${repository}.upsert(${several}, [...])`
        : `const value = await whatTheHookComputes()\nawait ${repository}.${operation}(${several})`,
  };
}

function many({ length }: readonly unknown[]): string {
  return length === 1 ? '' : `${length} transactions of this place; the worst: `;
}

function gapText({ durationMs, before, after, meanwhile }: AnalysedGap): string {
  const from = before === undefined ? 'BEGIN' : nameOf(before);
  const until = after === undefined ? 'its end' : nameOf(after);
  const site = after?.record.callSite;
  const [first] = meanwhile;
  return [
    `The longest time, ${timeText(durationMs)}, passed between ${from} and ${until}`,
    site === undefined ? '' : ` (${describeCallSite(site)})`,
    first === undefined
      ? '.'
      : `; meanwhile ${meanwhile.length === 1 ? 'one statement' : `${meanwhile.length} statements`} ran on another connection: ${nameOf(first)}.`,
  ].join('');
}

function placesOf({ callSite }: AnalysedTransaction, gap: AnalysedGap | undefined): readonly CallSite[] {
  const sites = [callSite, gap?.before?.record.callSite, gap?.after?.record.callSite];
  return distinctCallSites(sites.flatMap((site) => site ?? []));
}

function nameOf({ statement }: AnalysedQuery): string {
  return statement.summary === '' ? statement.operation : statement.summary;
}
