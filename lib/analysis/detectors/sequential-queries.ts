import { callSiteKey, type CallSite } from '../../record/call-site.js';
import type { QueryRecord } from '../../record/query-record.js';
import type { SchemaModel } from '../../record/schema-model.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { isPlainRead } from '../relation-loads/key-lookup.js';
import { loopedQueries } from '../looped-queries.js';
import { makeFinding } from '../make-finding.js';
import { resolveValue, valueKey } from '../query-values.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { Thresholds } from '../thresholds.js';
import { sumOf } from '../totals.js';

/**
 * Slow reads that do not need each other, run one after another. Rulings: RULINGS.md, "sequential-queries".
 * Where not all rows of an earlier statement were kept, a later one with values counts as depending on it.
 */
export const detectSequentialQueries: Detector = (unit, thresholds) =>
  runs(unit, thresholds).flatMap((run) => judge(run, unit, thresholds));

/** TypeORM's driver types with one connection. */
const ONE_CONNECTION = new Set([
  'better-sqlite3',
  'sqlite',
  'sqljs',
  'expo',
  'cordova',
  'react-native',
  'nativescript',
  'capacitor',
]);

/** Maximal rows of slow reads in which each began after the one before had ended and needs none of those before. */
function runs(unit: AnalysedUnit, thresholds: Thresholds): readonly (readonly AnalysedQuery[])[] {
  const found: AnalysedQuery[][] = [];
  const told = loopedQueries(unit, thresholds);
  let run: AnalysedQuery[] = [];
  for (const query of unit.queries) {
    if (isWrite(query)) {
      found.push(run);
      run = [];
    }
    if (told.has(query) || !isSlowRead(query, unit, thresholds)) continue;
    const last = run.at(-1);
    const follows =
      last !== undefined &&
      query.record.startMs >= endOf(last.record) &&
      isOfHandler(query, unit) === isOfHandler(last, unit) &&
      !run.some((earlier) => needs(query, earlier));
    if (follows) run.push(query);
    else {
      found.push(run);
      run = [query];
    }
  }
  return [...found, run].filter((candidate) => candidate.length >= 2);
}

function isSlowRead(query: AnalysedQuery, unit: AnalysedUnit, thresholds: Thresholds): boolean {
  const { record } = query;
  return (
    isPlainRead(query) &&
    record.transaction === undefined &&
    !hasOneConnection(unit.schemas.get(record.dataSource)) &&
    record.isAfterResponse === undefined &&
    record.executeMs >= thresholds.sequentialQueryMs &&
    unit.tree.relationAround(record.load) === undefined &&
    unit.tree.persistAround(record.load) === undefined
  );
}

/** A guard's reads come before those of the handler: it decides whether there will be any. */
function isOfHandler({ record }: AnalysedQuery, { unit }: AnalysedUnit): boolean {
  return unit.kind !== 'http' || record.sequence >= (unit.handledFrom ?? 0);
}

/** Where statements queue for one connection, asking together wins nothing. */
function hasOneConnection(schema: SchemaModel | undefined): boolean {
  return schema !== undefined && (schema.maxConnections === 1 || ONE_CONNECTION.has(schema.driver));
}

function isWrite({ statement }: AnalysedQuery): boolean {
  return statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'delete';
}

/**
 * A value of the later statement stood in the earlier one's rows, or both are steps of one repository call, or of one
 * loop: whether there is a next page, a loop knows from the last.
 */
function needs(later: AnalysedQuery, earlier: AnalysedQuery): boolean {
  if (later.record.load !== undefined && later.record.load === earlier.record.load) return true;
  if (isSameStep(later, earlier)) return true;
  const values = new Set(later.statement.values.flatMap((value) => resolveValue(later, value) ?? []));
  if (values.size === 0 && later.record.values.count === 0) return false;
  const rows = earlier.record.rowSample ?? [];
  if (rows.length < (earlier.record.rowsReturned ?? 0)) return true;
  return rows.some((row) => Object.values(row).some((value) => values.has(valueKey(value) ?? '')));
}

/** Where neither place is known, the same statement is taken for the same step. */
function isSameStep(one: AnalysedQuery, other: AnalysedQuery): boolean {
  return (
    one.statement.fingerprint === other.statement.fingerprint &&
    placeOf(one.record.callSite) === placeOf(other.record.callSite)
  );
}

function placeOf(site: CallSite | undefined): string {
  return site === undefined ? '' : callSiteKey(site);
}

function judge(
  run: readonly AnalysedQuery[],
  unit: AnalysedUnit,
  thresholds: Thresholds,
): readonly Finding[] {
  const total = sumOf(run, ({ record }) => record.executeMs);
  const longest = Math.max(...run.map(({ record }) => record.executeMs));
  const savedMs = total - longest;
  if (
    savedMs < thresholds.sequentialSavingMs ||
    savedMs < thresholds.sequentialSavingShare * unit.unit.durationMs
  )
    return [];
  return [finding(run, savedMs, total, unit)];
}

function finding(run: readonly AnalysedQuery[], savedMs: number, total: number, unit: AnalysedUnit): Finding {
  return makeFinding(unit, {
    kind: 'sequential-queries',
    severity: 'warning',
    title: `${run.length} independent reads ran one after another`,
    queries: run,
    evidence: {
      text:
        `${run.map(({ statement, record }) => `${statement.summary} ${Math.round(record.executeMs)} ms`).join(', then ')}. ` +
        `None uses a value of another's rows. Together they could take ${Math.round(total - savedMs)} ms instead of ${Math.round(total)} ms.`,
      facts: { statements: run.length, totalMs: total, savedMs },
    },
    advice: {
      text: 'Start them together. Each takes a connection of the pool while it runs.',
      code: 'const [first, second] = await Promise.all([..., ...])',
    },
  });
}

function endOf(record: QueryRecord): number {
  return record.startMs + record.waitMs + record.executeMs;
}
