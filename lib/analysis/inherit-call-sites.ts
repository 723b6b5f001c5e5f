import type { CallSite } from '../record/call-site.js';
import type { LoadRecord } from '../record/load-record.js';
import type { AnalysedQuery } from './relation-load.js';

/**
 * Gives statements without a stack of their own the place they came from, as far as can be told: the place of another
 * statement of the same call, since stacks end where TypeORM returns a promise without awaiting it; or that of the run
 * before, since capture takes the stacks of a statement's first runs in a unit only. The later statements of one call get
 * the place of its first: only that one's stack is whole, the others' lack each function that returned without `await`.
 */
export function inheritCallSites(
  queries: readonly AnalysedQuery[],
  loads: readonly LoadRecord[],
): readonly AnalysedQuery[] {
  if (queries.every(({ record }) => record.callSite === undefined)) return queries;
  const callOf = outermostLoads(loads);
  const stepOf = ownSteps(loads);
  const ofStep = new Map<number, CallSite>();
  const ofCall = new Map<number, CallSite>();
  const ofStatement = new Map<string, CallSite>();
  return queries.map((query) => {
    const { record, statement } = query;
    const step = record.load === undefined ? undefined : stepOf(record.load);
    const call = record.load === undefined ? undefined : callOf(record.load);
    const key = `${record.dataSource}|${statement.fingerprint}`;
    const callSite =
      (step === undefined ? undefined : ofStep.get(step)) ??
      record.callSite ??
      (call === undefined ? undefined : ofCall.get(call)) ??
      ofStatement.get(key);
    if (callSite === undefined) return query;
    if (step !== undefined && !ofStep.has(step) && record.callSite !== undefined)
      ofStep.set(step, record.callSite);
    if (call !== undefined && !ofCall.has(call)) ofCall.set(call, callSite);
    ofStatement.set(key, callSite);
    return record.callSite === callSite ? query : { record: { ...record, callSite }, statement };
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

/**
 * The outermost load around a load with none of the user's code between the two. Subscribers, lazy relations and getters
 * may load from within a load; the `query` strategy's loads are TypeORM's own.
 */
function ownSteps(loads: readonly LoadRecord[]): (load: number) => number | undefined {
  const byId = new Map(loads.map((load) => [load.id, load]));
  return (id) => {
    let load = byId.get(id);
    if (load?.kind !== 'entities') return undefined;
    for (;;) {
      const relation: LoadRecord | undefined = byId.get(load.parentLoad ?? -1);
      const outer: LoadRecord | undefined = byId.get(relation?.parentLoad ?? -1);
      if (relation?.kind !== 'relation' || relation.how !== 'query' || outer?.kind !== 'entities')
        return load.id;
      load = outer;
    }
  };
}
