import { callSiteKey } from '../record/call-site.js';
import type { AnalysedQuery } from './relation-load.js';

/** Statement and place: equal for every run of one line of code. */
export function queryOrigin({ record, statement }: AnalysedQuery): string {
  const place = record.callSite === undefined ? (record.fieldPath ?? '') : callSiteKey(record.callSite);
  return `${record.dataSource}|${statement.fingerprint}|${place}`;
}
