import { QueryLensError } from './errors.js';
import type { IgnoreRule } from './ignore-findings.js';
import type { EntityModel, SchemaModel } from './record/schema-model.js';

/**
 * Refuses rules about entities and relations that do not exist: they would never match. Without a schema nothing is known
 * and nothing is refused.
 *
 * @throws QueryLensError QL005
 */
export function checkIgnoreRules(rules: readonly IgnoreRule[], schemas: Iterable<SchemaModel>): void {
  const entities = [...schemas].flatMap((schema) => schema.entities);
  if (entities.length === 0) return;
  for (const { relation } of rules) if (relation !== undefined) checkRelation(relation, entities);
}

/** `Author.books`, or `Author by id` */
function checkRelation(named: string, entities: readonly EntityModel[]): void {
  const [, entityName, property] = /^(\w+)(?:\.(\w+)| by \w+)$/.exec(named) ?? [];
  const found = entities.filter(({ name }) => name === entityName);
  if (found.length === 0)
    refuse(
      'the relation',
      named,
      entities.map(({ name }) => `${name}.*`),
    );
  if (property === undefined) return;
  const properties = found.flatMap(({ relations }) => relations.map((relation) => relation.property));
  if (!properties.includes(property))
    refuse(
      'the relation',
      named,
      properties.map((name) => `${String(entityName)}.${name}`),
    );
}

function refuse(part: string, value: string, known: readonly string[]): never {
  throw new QueryLensError('QL005', { part, value, known: known.join(', ') || 'none' });
}
