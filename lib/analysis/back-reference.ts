import { relationOf } from '../record/relation-of.js';
import type { AnalysedUnit } from './detector.js';
import type { RelationLoad } from './relation-load.js';

/** The parents came from the collection of their own parent, which TypeORM does not fill in: it is at hand, for free. */
export function isBackReference(load: RelationLoad, { batches, schemas }: AnalysedUnit): boolean {
  const from = batches.find(load.parentBatch)?.from;
  if (from === undefined || load.isToMany) return false;
  const relation = relationOf(schemas.get(load.dataSource), from.entity, from.relation);
  if (relation?.inverse === undefined || relation.inverse !== load.property) return false;
  return load.target === undefined || load.target === from.entity;
}
