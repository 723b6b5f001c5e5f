import type { CallSite } from '../record/call-site.js';
import type { AnalysedUnit } from './detector.js';
import type { Finding } from './finding.js';
import type { AnalysedQuery } from './relation-load.js';
import { costOf, uniqueCallSites } from './totals.js';

/** What a detector has to say; the rest follows from the statements it saw. */
export interface Observation extends Pick<Finding, 'kind' | 'severity' | 'title' | 'evidence' | 'advice'> {
  readonly relation?: string;
  readonly whyNot?: string;
  /** The statements that are the finding; the first stands for them. */
  readonly queries: readonly AnalysedQuery[];
  /** When other than those of the statements. */
  readonly callSites?: readonly CallSite[];
}

/** More are not shown; the evidence says how many statements there were. */
const MAX_CALL_SITES = 5;

/** Completes an observation to a finding of the unit. */
export function makeFinding(unit: AnalysedUnit, observation: Observation): Finding {
  const { queries, callSites, relation, whyNot, ...rest } = observation;
  const [first] = queries;
  return {
    ...rest,
    route: unit.unit.name,
    dataSource: first?.record.dataSource ?? 'default',
    ...(relation === undefined ? {} : { relation }),
    ...(first === undefined
      ? {}
      : { statement: { fingerprint: first.statement.fingerprint, text: first.statement.text } }),
    callSites: (callSites ?? uniqueCallSites(queries)).slice(0, MAX_CALL_SITES),
    cost: costOf(queries),
    ...(whyNot === undefined ? {} : { whyNot }),
  };
}
