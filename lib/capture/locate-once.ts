import type { CallSite } from '../record/call-site.js';
import type { CapturedStack } from '../record/unit-recorder.js';
import type { CallSiteResolver } from './call-site.js';

/** Reads each stack once, however often it is asked for: V8 formats a stack a single time, and a second reading sees that text. */
export function locateOnce(resolve: CallSiteResolver): CallSiteResolver {
  const known = new WeakMap<CapturedStack, { readonly site: CallSite | undefined }>();
  return (stack) => {
    let answer = known.get(stack);
    if (answer === undefined) known.set(stack, (answer = { site: resolve(stack) }));
    return answer.site;
  };
}
