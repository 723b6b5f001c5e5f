import DataLoader from 'dataloader';
import type { DataSource, EntityTarget, ObjectLiteral } from 'typeorm';
import type {
  BatchedDataSourceShape,
  BatchedRelationShape,
} from '../capture/typeorm/batching/batched-shapes.js';
import { keyText } from '../capture/typeorm/batching/key-text.js';
import { loadRelation } from '../capture/typeorm/batching/load-relation.js';
import { keyValues, relationKey } from '../capture/typeorm/batching/relation-key.js';
import { QueryLensError } from '../errors.js';

/** What a relation holds: an array for to-many, otherwise the related entity, or null where there is none. */
export type RelationValue<Value> =
  NonNullable<Awaited<Value>> extends readonly unknown[]
    ? NonNullable<Awaited<Value>>
    : NonNullable<Awaited<Value>> | null;

/** A DataLoader from parents to what a relation of them holds. A parent needs no more than its key: `{ id: 7 }`. */
export type RelationLoader<Entity, Property extends keyof Entity> = DataLoader<
  Partial<Entity>,
  RelationValue<Entity[Property]>,
  unknown
>;

/**
 * A DataLoader that loads a relation for all parents asked for in one tick with one statement (one for each 900 keys), in
 * the order of the parents, `null` or `[]` where there is nothing. Every kind of relation, lazy or not. What TypeORM
 * would load for one parent is what each gets; where that is not certain, parents are asked for one by one.
 *
 * Make one for each request: it remembers what it has loaded, by key.
 *
 * @param dataSource opened.
 * @param entity the class of the parents.
 * @param relation property of the entity class.
 * @throws QueryLensError QL028 when the class has no such relation.
 */
export function createRelationLoader<Entity extends ObjectLiteral, Property extends keyof Entity & string>(
  dataSource: DataSource,
  entity: EntityTarget<Entity>,
  relation: Property,
): RelationLoader<Entity, Property> {
  const metadata = dataSource.getMetadata(entity);
  const found = metadata.findRelationWithPropertyPath(relation);
  if (found === undefined)
    throw new QueryLensError('QL028', {
      relation: `${metadata.name}.${relation}`,
      known: metadata.relations.map(({ propertyPath }) => propertyPath).join(', ') || 'none',
    });
  // TypeORM's own types differ between its versions; these say the part that is used.
  const shape = found as unknown as BatchedRelationShape;
  const source = dataSource as unknown as BatchedDataSourceShape;
  const key = relationKey(shape);
  const isToMany = shape.isOneToMany || shape.isManyToMany;
  return new DataLoader(
    async (parents) => {
      const loaded = await loadRelation(source, shape, parents);
      return loaded.map((children) =>
        children instanceof Error || isToMany ? children : (children[0] ?? null),
      ) as (RelationValue<Entity[Property]> | Error)[];
    },
    { cacheKeyFn: (parent) => (key && keyText(keyValues(key, parent))) ?? parent },
  );
}
