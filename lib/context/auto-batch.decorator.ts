import { disguise } from './disguise.js';
import { observerOf } from './observer-of.js';
import { registry } from './registry.js';

/**
 * The option `autoBatch` for one handler: from its call to the end of its unit of work, the first read of a lazy relation
 * loads it for the whole list the entity came from. Outside of a unit of work it changes nothing; `@Observe()` makes one.
 */
export function AutoBatch(): MethodDecorator {
  return (_target, _method, descriptor) => {
    const original = descriptor.value;
    if (typeof original !== 'function') return;
    const batching = function (this: unknown, ...args: unknown[]): unknown {
      observerOf(this, registry().running)?.current()?.batchLazyLoads();
      return Reflect.apply(original, this, args);
    };
    disguise(batching, original);
    const name = registry().names.get(original);
    if (name !== undefined) registry().names.set(batching, name);
    // The same calls as before.
    descriptor.value = batching as typeof original;
  };
}
