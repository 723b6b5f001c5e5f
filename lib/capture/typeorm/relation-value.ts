import type { RelationMetadataShape } from './typeorm-shapes.js';

/**
 * What an entity holds of a relation, if it is loaded: own properties only. A lazy relation keeps its value in
 * `__property__`; its accessor, and everything on prototypes, is never touched, because reading it sends a statement.
 */
export function relationValue(entity: object, relation: RelationMetadataShape, mappedTo?: string): unknown {
  const path = mappedTo ?? relation.propertyPath;
  if (!path.includes('.')) return ownValue(entity, keyOf(path, relation, mappedTo));
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  let owner: unknown = entity;
  for (const step of steps) owner = isObject(owner) ? ownValue(owner, step) : undefined;
  return isObject(owner) ? ownValue(owner, keyOf(last, relation, mappedTo)) : undefined;
}

function keyOf(property: string, relation: RelationMetadataShape, mappedTo: string | undefined): string {
  return relation.isLazy && mappedTo === undefined ? `__${property}__` : property;
}

function ownValue(owner: object, key: string): unknown {
  return Object.hasOwn(owner, key) ? (owner as Record<string, unknown>)[key] : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
