import { callSiteKey, type CallSite } from '../record/call-site.js';
import { MAX_CALL_SITES } from './statistics-limits.js';

/** Adds a place to a short list, once. */
export function addCallSite(list: CallSite[], site: CallSite | undefined): void {
  if (site === undefined || list.length >= MAX_CALL_SITES) return;
  const key = callSiteKey(site);
  if (!list.some((known) => callSiteKey(known) === key)) list.push(site);
}
