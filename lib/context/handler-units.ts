import { disguise } from './disguise.js';
import { handlerEntry, isHandler, isHttpHandler } from './handler-entry.js';
import type { Observer } from './observer.js';
import { observerOf } from './observer-of.js';
import { registry, type WrappedHandler } from './registry.js';
import type { UnitContext } from './unit-context.js';

/**
 * Units of work for the handlers that Nest's packages call: messages, gateways, schedules, event listeners, queue
 * processors, CQRS. HTTP requests are units already; of their handlers it is noted when they return. The methods are wrapped on the prototype, before anybody has taken them from there.
 */
export class HandlerUnits {
  private readonly wrapped = new Set<WrappedHandler>();

  constructor(
    private readonly context: UnitContext,
    /** HTTP handlers too: for what is read before and after they have returned, and for their names. */
    private readonly isWatchingAnswers: boolean,
  ) {}

  /** Wraps the handlers of a class, inherited ones included. */
  attach(owner: object, prototype: object): void {
    try {
      for (let level: object | null = prototype; level !== null; level = parentOf(level)) {
        for (const name of Object.getOwnPropertyNames(level)) this.attachTo(owner, level, name);
      }
    } catch (error) {
      this.context.failed('handlers', error);
    }
  }

  /** The same for what a factory has made. */
  attachInstance(instance: object): void {
    try {
      const prototype = Object.getPrototypeOf(instance) as object | null;
      const owner: unknown = prototype?.constructor;
      const isOfClass = typeof owner === 'function' && owner !== Object;
      if (prototype !== null && isOfClass) this.attach(owner, prototype);
    } catch (error) {
      this.context.failed('handlers', error);
    }
  }

  /** Takes the wrappers off, unless another application needs them. */
  detach(): void {
    for (const handler of this.wrapped) {
      handler.users.delete(this.context);
      if (handler.users.size === 0) handler.restore();
    }
    this.wrapped.clear();
  }

  private attachTo(owner: object, prototype: object, name: string): void {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    const method: unknown = property?.value;
    if (name === 'constructor' || typeof method !== 'function') return;
    const isOwnUnit = isHandler(owner, name, method);
    if (!isOwnUnit && !(this.isWatchingAnswers && isHttpHandler(method))) return;
    // Everything is allowed to be on a prototype; what cannot be replaced is left as it is.
    if (property?.configurable !== true) return;
    const { handlers } = registry();
    const handler = handlers.get(method) ?? wrap(prototype, name, property, isOwnUnit);
    handler.users.add(this.context);
    this.wrapped.add(handler);
  }
}

/** The classes above, those of JavaScript itself left out. */
function parentOf(prototype: object): object | null {
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return parent === null || Object.getPrototypeOf(parent) === null ? null : parent;
}

function wrap(
  prototype: object,
  name: string,
  property: PropertyDescriptor,
  isOwnUnit: boolean,
): WrappedHandler {
  // A function: attachTo() has looked.
  const original = property.value as (...args: unknown[]) => unknown;
  const given = registry().names.get(original);
  const users = new Set<Observer>();
  const observed = function (this: unknown, ...args: unknown[]): unknown {
    const observer = observerOf(this, users);
    if (observer === undefined) return Reflect.apply(original, this, args);
    const owner = (this as object | undefined)?.constructor ?? prototype.constructor;
    const work = (): unknown => {
      observer.current()?.handledBy({ controller: owner.name, action: name });
      return Reflect.apply(original, this, args);
    };
    if (!isOwnUnit) return observer.answer(work);
    return observer.handle(() => {
      const entry = handlerEntry({ owner, method: name, handler: original, args });
      return entry && { ...entry, name: given ?? entry.name };
    }, work);
  };
  disguise(observed, original);
  Object.defineProperty(prototype, name, { ...property, value: observed });
  const handler: WrappedHandler = {
    users,
    restore: () => {
      if (Object.getOwnPropertyDescriptor(prototype, name)?.value === observed)
        Object.defineProperty(prototype, name, property);
    },
  };
  registry().handlers.set(observed, handler);
  return handler;
}
