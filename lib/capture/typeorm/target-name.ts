/** Class, schema or name: the ways to say which entity is meant. */
export function targetName(target: unknown): string | undefined {
  if (typeof target === 'function') return target.name;
  if (typeof target === 'string') return target;
  const schema = target as { '@instanceof'?: unknown; options?: { name?: unknown } } | null | undefined;
  const isSchema = schema?.['@instanceof'] === Symbol.for('EntitySchema');
  return isSchema && typeof schema.options?.name === 'string' ? schema.options.name : undefined;
}
