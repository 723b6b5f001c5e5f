import type { AnalysedUnit } from './detector.js';
import type { Thresholds } from './thresholds.js';

/** What a unit holds at all, read in one pass: says which detectors have anything to look at. */
export interface UnitTraits {
  /** Of {@link AnalysedUnit}, and whether anything is in it. */
  readonly relationLoads: boolean;
  readonly repeatedLoads: boolean;
  readonly doubleLoads: boolean;
  readonly transactions: boolean;
  readonly pools: boolean;
  readonly caches: boolean;
  /** An entity load has joins. */
  readonly joins: boolean;
  /** A statement failed. */
  readonly errors: boolean;
  /** A list of rows of this length came back. */
  readonly mostRows: number;
  /** INSERT, UPDATE and DELETE. */
  readonly writes: number;
  /** Statements that took as long as a read that should not wait for another. */
  readonly slow: number;
  /** So many statements have one text in common. */
  readonly mostOfOneText: number;
}

/** Cheap on purpose: every unit of work comes here. */
export function unitTraits(analysed: AnalysedUnit, thresholds: Thresholds): UnitTraits {
  const { unit, queries, relationLoads, repeatedLoads, doubleLoads } = analysed;
  let [errors, mostRows, writes, slow] = [false, 0, 0, 0];
  for (const { record, statement } of queries) {
    if (record.error !== undefined) errors = true;
    if ((record.rowsReturned ?? 0) > mostRows) mostRows = record.rowsReturned ?? 0;
    if (statement.kind === 'insert' || statement.kind === 'update' || statement.kind === 'delete') writes++;
    if (record.executeMs >= thresholds.sequentialQueryMs) slow++;
  }
  return {
    relationLoads: relationLoads.length > 0,
    repeatedLoads: repeatedLoads.length > 0,
    doubleLoads: doubleLoads.length > 0,
    transactions: unit.transactions.length > 0,
    pools: unit.pools.length > 0,
    caches: unit.caches.length > 0,
    joins: unit.loads.some((load) => load.kind === 'entities' && load.joins.length > 0),
    errors,
    mostRows,
    writes,
    slow,
    mostOfOneText: mostOfOneText(analysed),
  };
}

function mostOfOneText({ queries }: AnalysedUnit): number {
  if (queries.length < 2) return queries.length;
  const counts = new Map<string, number>();
  let most = 0;
  for (const { record } of queries) {
    const count = (counts.get(record.statement) ?? 0) + 1;
    counts.set(record.statement, count);
    if (count > most) most = count;
  }
  return most;
}
