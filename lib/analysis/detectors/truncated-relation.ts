import type { EntityLoadRecord, JoinRecord } from '../../record/load-record.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';

/**
 * `limit` or `offset` with a selected to-many join: TypeORM applies them to joined rows, so children are cut off without
 * a word. `error` when rows were really cut, `warning` while the limit is larger than the result.
 */
export const detectTruncatedRelation: Detector = (unit) =>
  unit.unit.loads.flatMap((load) => {
    if (load.kind !== 'entities' || (load.limit === undefined && !load.offset)) return [];
    const joins = load.joins.filter((join) => join.isSelected && join.isToMany);
    return joins.length === 0 ? [] : [finding(load, joins, unit)];
  });

function finding(load: EntityLoadRecord, joins: readonly JoinRecord[], unit: AnalysedUnit): Finding {
  const [shallowest] = joins as [JoinRecord];
  const relation = `${shallowest.entity}.${shallowest.relation}`;
  const isCut = (load.limit !== undefined && load.rawRows >= load.limit) || (load.offset ?? 0) > 0;
  const others = joins.slice(1).map((join) => `${join.entity}.${join.relation}`);
  return makeFinding(unit, {
    kind: 'truncated-relation',
    severity: isCut ? 'error' : 'warning',
    title: isCut
      ? `${relation} is incomplete: limit() cut joined rows`
      : `${relation} will be incomplete as soon as there are more rows than the limit`,
    relation,
    queries: unit.tree.queriesWithin(load.id),
    evidence: {
      text:
        `${describeLimit(load)} counts joined rows, not ${load.entity} entities: ${load.rawRows} rows became ${load.entities} ` +
        `${load.entities === 1 ? 'entity' : 'entities'}${others.length === 0 ? '' : `; also cut: ${others.join(', ')}`}.`,
      facts: {
        ...(load.limit === undefined ? {} : { limit: load.limit }),
        ...(load.offset === undefined ? {} : { offset: load.offset }),
        rawRows: load.rawRows,
        entities: load.entities,
        isCut,
      },
    },
    advice: {
      text: 'take() and skip() count entities and keep their relations whole.',
      code: [
        ...(load.limit === undefined ? [] : [`.take(${load.limit})  // instead of .limit(${load.limit})`]),
        ...(load.offset === undefined
          ? []
          : [`.skip(${load.offset})  // instead of .offset(${load.offset})`]),
      ].join('\n'),
    },
  });
}

function describeLimit(load: EntityLoadRecord): string {
  const parts = [
    ...(load.limit === undefined ? [] : [`limit(${load.limit})`]),
    ...(load.offset === undefined ? [] : [`offset(${load.offset})`]),
  ];
  return parts.join(' with ');
}
