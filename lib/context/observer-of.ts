import type { Observer } from './observer.js';
import { registry } from './registry.js';

/** The application of `among` that the instance belongs to, or that is running the code, or the only one there is. */
export function observerOf(instance: unknown, among: ReadonlySet<Observer>): Observer | undefined {
  const { owners, frames } = registry();
  const owner = typeof instance === 'object' && instance !== null ? owners.get(instance) : undefined;
  if (owner !== undefined) return owner;
  const running = frames.getStore()?.lens;
  if (running !== undefined && among.has(running)) return running;
  const [only, other] = among;
  return other === undefined ? only : undefined;
}
