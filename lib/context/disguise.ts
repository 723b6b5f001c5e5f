/** Makes a wrapper look like what it wraps: other decorators have left metadata on the method, and read its name and length. */
export function disguise(wrapper: object, original: object): void {
  for (const key of Reflect.getMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, original), wrapper);
  }
  for (const key of ['name', 'length'] as const) {
    const property = Object.getOwnPropertyDescriptor(original, key);
    if (property !== undefined) Object.defineProperty(wrapper, key, property);
  }
}
