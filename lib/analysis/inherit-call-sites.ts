import type { CallSite } from '../record/call-site.js';
import type { LoadRecord } from '../record/load-record.js';
import type { AnalysedQuery } from './relation-load.js';

/**
 * Gives statements without a stack of their own the place they came from, as far as can be told: the place of another
 * statement of the same call, since stacks end where TypeORM returns a promise without awaiting it; or that of the run
 * before, since capture takes the stacks of a statement's first runs in a unit only.
 */
export function inheritCallSites(
  queries: readonly AnalysedQuery[],
  loads: readonly LoadRecord[],
): readonly AnalysedQuery[] {
  const known = queries.reduce((count, { record }) => count + (record.callSite === undefined ? 0 : 1), 0);
  if (known === 0 || known === queries.length) return queries;
  const callOf = outermostLoads(loads);
  const ofCall = new Map<number, CallSite>();
  const ofStatement = new Map<string, CallSite>();
  return queries.map((query) => {
    const { record, statement } = query;
    const call = record.load === undefined ? undefined : callOf(record.load);
    const key = `${record.dataSource}|${statement.fingerprint}`;
    const callSite =
      record.callSite ?? (call === undefined ? undefined : ofCall.get(call)) ?? ofStatement.get(key);
    if (callSite === undefined) return query;
    if (call !== undefined && !ofCall.has(call)) ofCall.set(call, callSite);
    ofStatement.set(key, callSite);
    return record.callSite === undefined ? { record: { ...record, callSite }, statement } : query;
  });
}

/** The outermost load around a load: the one call that the user's code made. */
function outermostLoads(loads: readonly LoadRecord[]): (load: number) => number {
  const around = new Map(loads.map(({ id, parentLoad }) => [id, parentLoad]));
  return (load) => {
    let outermost = load;
    for (let next = around.get(load); next !== undefined; next = around.get(next)) outermost = next;
    return outermost;
  };
}
