import type { UnseenFrame } from './frame.js';
import { registry } from './registry.js';

/** Runs work of QueryLens so that no application of this process records anything that it starts. */
export function unseen<T>(work: () => T): T {
  return registry().frames.run({ isUnseen: true }, work);
}

/** The running code is such work. */
export function isUnseen(): boolean {
  return (registry().frames.getStore() as UnseenFrame | undefined)?.isUnseen === true;
}
