import type { AnalysedUnit } from '../analysis/detector.js';
import type { AnalysedQuery } from '../analysis/relation-load.js';
import { rowsOf } from '../record/rows-of.js';

/**
 * Time spent making entities, by statement. It is measured for a load; where that ran several statements (TypeORM reads
 * the ids of a page first), the one with the most rows made the entities.
 */
export function hydrationByQuery(unit: AnalysedUnit): ReadonlyMap<AnalysedQuery, number> {
  const carrier = new Map<number, AnalysedQuery>();
  for (const query of unit.queries) {
    const { load } = query.record;
    if (load === undefined) continue;
    const known = carrier.get(load);
    if (known === undefined || rowsOf(query.record) >= rowsOf(known.record)) carrier.set(load, query);
  }
  const hydration = new Map<AnalysedQuery, number>();
  for (const load of unit.unit.loads) {
    const query = carrier.get(load.id);
    if (load.kind === 'entities' && query !== undefined) hydration.set(query, load.hydrateMs);
  }
  return hydration;
}
