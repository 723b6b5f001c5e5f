import type { EntityLoadRecord, JoinRecord } from '../record/load-record.js';
import { groupBy } from './totals.js';

/** To-many joins that share a parent alias; at least one of them selected, or nothing would be multiplied for nothing. */
export function siblingJoins(load: EntityLoadRecord): readonly JoinRecord[] | undefined {
  const groups = groupBy(
    load.joins.filter((join) => join.isToMany),
    (join) => join.parentAlias,
  );
  return [...groups.values()].find((group) => group.length >= 2 && group.some((join) => join.isSelected));
}
