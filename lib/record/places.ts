import type { CallSite } from './call-site.js';

/** The places in the user's code that stacks lead to. V8 formats a stack once, so records share the answer. */
export class Places<Stack extends object> {
  private readonly known = new Map<Stack, CallSite | undefined>();

  constructor(private readonly resolve: (stack: Stack) => CallSite | undefined) {}

  /** The record with its place, where there is one. */
  locate<Record extends { readonly callSite?: CallSite }>(record: Record, stack: Stack | undefined): Record {
    const callSite = stack === undefined ? undefined : this.find(stack);
    return callSite === undefined ? record : { ...record, callSite };
  }

  find(stack: Stack): CallSite | undefined {
    if (!this.known.has(stack)) this.known.set(stack, this.resolve(stack));
    return this.known.get(stack);
  }
}
