import type { NodeReads } from './node-reads.js';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/**
 * One entity whose loaded properties are, for a while, accessors of its own: the object stays the same, and so do its
 * class, its keys and their order. (A Proxy would be another object, and private members would throw on it.)
 */
export class TrackedEntity {
  /** Of the keys, in their order: how many were just read one after another, from the first. */
  private run = 0;
  private readonly getters: (() => unknown)[] = [];
  private inspect: unknown;
  private hasEnded = false;

  /** `keys`: its own data properties to watch, in the order in which the entity has them. */
  constructor(
    readonly entity: object,
    readonly keys: readonly string[],
    private readonly node: NodeReads,
    /** Called before somebody prints the entity, who must not see accessors. */
    printed: () => void,
  ) {
    for (const [index, key] of keys.entries()) this.install(index, key);
    if (INSPECT in entity) return;
    const value = (this.inspect = inspectOf(entity, printed));
    Object.defineProperty(entity, INSPECT, { value, enumerable: false, configurable: true, writable: true });
  }

  /** Makes the entity plain again, with its present values. What was deleted or replaced meanwhile stays so. */
  restore(): void {
    if (this.hasEnded) return;
    this.settle();
    this.hasEnded = true;
    const { entity } = this;
    // Frozen or sealed meanwhile: the accessors stay, and only hand values through.
    if (Object.isSealed(entity)) return;
    for (const [index, key] of this.keys.entries()) {
      const own = Object.getOwnPropertyDescriptor(entity, key);
      if (own?.get === undefined || own.get !== this.getters[index] || own.configurable !== true) continue;
      const value: unknown = own.get.call(entity);
      const { enumerable } = own;
      Object.defineProperty(entity, key, { value, writable: true, enumerable, configurable: true });
    }
    if (
      this.inspect !== undefined &&
      Object.getOwnPropertyDescriptor(entity, INSPECT)?.value === this.inspect
    )
      Reflect.deleteProperty(entity, INSPECT);
  }

  /** What was begun to be read in order, and not ended, was no copy. */
  settle(): void {
    for (let index = 0; index < this.run; index++) this.node.read(this.keys[index] as string);
    this.run = 0;
  }

  private install(index: number, key: string): void {
    const { entity } = this;
    let value = (entity as Record<string, unknown>)[key];
    const get = (): unknown => {
      if (!this.hasEnded) this.note(index);
      return value;
    };
    const written = (next: unknown): void => {
      value = next;
      if (!this.hasEnded) this.node.copied(key);
    };
    const set = function (this: object, next: unknown): void {
      if (this !== entity) define(this, key, next);
      else if (Object.isFrozen(entity)) throw new TypeError(readOnlyMessage(entity, key));
      else written(next);
    };
    this.getters[index] = get;
    Object.defineProperty(entity, key, { get, set, enumerable: true, configurable: true });
  }

  /** A whole-object copy reads every key in order; anything else is somebody who wants that one property. */
  private note(index: number): void {
    const { run, keys, node } = this;
    if (node.reader.isExact) node.read(keys[index] as string);
    else if (index === run) {
      this.run = run + 1;
      if (this.run < keys.length) return;
      this.run = 0;
      node.lose(keys, 'copied');
    } else if (index !== run - 1) {
      this.settle();
      if (index === 0) this.run = 1;
      else node.read(keys[index] as string);
    }
  }
}

/**
 * What Node calls to print an object. Answered with itself, the object is printed as always: it is plain by then, or,
 * where it was frozen, a plain copy stands in for it.
 */
function inspectOf(entity: object, printed: () => void): (this: unknown) => unknown {
  return function () {
    if (this !== entity) return this;
    printed();
    return Object.isSealed(entity) ? plainCopy(entity) : entity;
  };
}

function plainCopy(entity: object): object {
  const copy = Object.create(Object.getPrototypeOf(entity) as object | null) as object;
  for (const key of Object.keys(entity)) define(copy, key, (entity as Record<string, unknown>)[key]);
  return copy;
}

/** An object that inherits from the entity, or took over its accessors, gets a property of its own, as it would have. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** As V8 says it. */
function readOnlyMessage(entity: object, key: string): string {
  const { name } = entity.constructor;
  return `Cannot assign to read only property '${key}' of object '#<${name}>'`;
}
