/** A method that is wrapped: whatever the host passes goes through. */
export type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Puts a wrapper in front of a method of one object and answers how to take it away again. Where somebody else has
 * wrapped the wrapper meanwhile it stays, and must then do nothing: wrappers look up at each call whether they are wanted.
 */
export function replaceMethod(
  target: object,
  name: string,
  wrap: (original: AnyMethod) => AnyMethod,
): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  const wrapper = wrap((target as Record<string, AnyMethod>)[name] as AnyMethod);
  const isEnumerable = before?.enumerable ?? false;
  Object.defineProperty(target, name, {
    value: wrapper,
    writable: true,
    configurable: true,
    enumerable: isEnumerable,
  });
  return () => {
    if (Object.getOwnPropertyDescriptor(target, name)?.value !== wrapper) return;
    if (before === undefined) Reflect.deleteProperty(target, name);
    else Object.defineProperty(target, name, before);
  };
}

/** The object of a prototype chain that has a method of its own; undefined when none has. */
export function ownerOf(object: object, method: string): object | undefined {
  for (
    let owner: object | null = object;
    owner !== null;
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const own = Object.getOwnPropertyDescriptor(owner, method);
    if (own !== undefined) return typeof own.value === 'function' && own.configurable ? owner : undefined;
  }
  return undefined;
}
