import { distinctCallSites, type CallSite } from '../record/call-site.js';
import { rowsOf } from '../record/rows-of.js';
import type { FindingCost } from './finding.js';
import type { AnalysedQuery } from './relation-load.js';

/** Sum of an amount over all items. */
export function sumOf<T>(items: Iterable<T>, amount: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += amount(item);
  return sum;
}

/** Call sites of the statements, each once, in the order in which they ran. */
export function uniqueCallSites(queries: Iterable<AnalysedQuery>): readonly CallSite[] {
  return distinctCallSites([...queries].flatMap(({ record }) => record.callSite ?? []));
}

/** What the statements cost together. Statements that ran side by side took their time once. */
export function costOf(queries: readonly AnalysedQuery[]): FindingCost {
  return {
    statements: queries.length,
    rows: sumOf(queries, ({ record }) => rowsOf(record)),
    timeMs: busyMs(queries),
    ...bytesOf(queries),
  };
}

/** Bytes that came back; nothing where the driver does not say. */
export function bytesOf(queries: readonly AnalysedQuery[]): { readonly bytes?: number } {
  const isKnown = queries.some(({ record }) => record.bytes !== undefined);
  return isKnown ? { bytes: sumOf(queries, ({ record }) => record.bytes ?? 0) } : {};
}

/** Milliseconds in which at least one of the statements was waiting for a connection or running. */
function busyMs(queries: readonly AnalysedQuery[]): number {
  let [busy, until] = [0, -Infinity];
  for (const { record } of [...queries].sort((a, b) => a.record.startMs - b.record.startMs)) {
    const end = record.startMs + record.waitMs + record.executeMs;
    busy += Math.max(0, end - Math.max(until, record.startMs));
    until = Math.max(until, end);
  }
  return busy;
}

/** Items by key, in the order of their first; items without a key are left out. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
