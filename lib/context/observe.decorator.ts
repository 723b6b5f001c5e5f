import { disguise } from './disguise.js';
import { observerOf } from './observer-of.js';
import { registry } from './registry.js';

/**
 * Makes a unit of work of a method that nothing QueryLens knows calls: a command, a script, a consumer of another library.
 * Inside another unit the method stays part of that one. Works with methods that return a value, a promise, an observable
 * or an async generator.
 *
 * @param name of the unit in reports, for handlers that are units by themselves, too. `Class.method` by default.
 */
export function Observe(name?: string): MethodDecorator {
  return (target, method, descriptor) => {
    const original = descriptor.value;
    if (typeof original !== 'function') return;
    const owner = typeof target === 'function' ? target.name : target.constructor.name;
    const unit = name ?? `${owner}.${String(method)}`;
    const observed = function (this: unknown, ...args: unknown[]): unknown {
      const work = (): unknown => Reflect.apply(original, this, args);
      const observer = observerOf(this, registry().running);
      return observer === undefined ? work() : observer.observe(unit, work);
    };
    disguise(observed, original);
    if (name !== undefined) registry().names.set(observed, name);
    // The same calls as before, with a unit around them.
    descriptor.value = observed as typeof original;
  };
}
