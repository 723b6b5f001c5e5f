import type { EntityLoadRecord, JoinRecord } from '../../record/load-record.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { findCode, joinedPaths } from '../relation-code.js';
import type { Thresholds } from '../thresholds.js';
import { siblingJoins } from '../sibling-joins.js';
import { sumOf } from '../totals.js';

/**
 * Two to-many relations joined side by side under one parent: every child of the one comes with every child of the
 * other. Nested joins multiply too, but each row is needed there. Rulings: RULINGS.md, "cartesian-product".
 */
export const detectCartesianProduct: Detector = (unit, thresholds) =>
  unit.unit.loads.flatMap((load) => {
    if (load.kind !== 'entities' || load.entities === 0) return [];
    const siblings = siblingJoins(load);
    return siblings === undefined ? [] : judge(load, siblings, unit, thresholds);
  });

function judge(
  load: EntityLoadRecord,
  siblings: readonly JoinRecord[],
  unit: AnalysedUnit,
  thresholds: Thresholds,
): readonly Finding[] {
  const selected = load.joins.filter((join) => join.isSelected && join.isToMany);
  if (selected.some((join) => join.children === undefined)) return [];
  const separate = load.entities + sumOf(selected, (join) => join.children ?? 0);
  const isWide = load.rawRows / load.entities >= thresholds.cartesianRowsPerRoot;
  return isWide && load.rawRows >= thresholds.cartesianFactor * separate
    ? [finding(load, siblings, separate, unit)]
    : [];
}

function finding(
  load: EntityLoadRecord,
  siblings: readonly JoinRecord[],
  separate: number,
  unit: AnalysedUnit,
): Finding {
  const names = siblings.map((join) => `${join.entity}.${join.relation}`);
  const filters = siblings.filter((join) => !join.isSelected);
  return makeFinding(unit, {
    kind: 'cartesian-product',
    severity: 'warning',
    title: `${names.join(' x ')}: ${load.rawRows} rows where ${separate} would do`,
    relation: names[0] ?? load.entity,
    queries: unit.tree.queriesWithin(load.id),
    evidence: {
      text:
        `${load.rawRows} rows were read to make ${load.entities} ${load.entity} ${load.entities === 1 ? 'entity' : 'entities'}; ` +
        `separate statements would read ${separate}.`,
      facts: {
        rawRows: load.rawRows,
        entities: load.entities,
        separateRows: separate,
        relations: names.join(', '),
      },
    },
    advice: filters.length > 0 ? existsAdvice(filters) : separateAdvice(load),
  });
}

function separateAdvice(load: EntityLoadRecord): Finding['advice'] {
  return {
    text: load.isFind
      ? 'Load each relation with a statement of its own.'
      : 'Load each relation with a statement of its own: find() can, a query builder cannot.',
    code: findCode(load.entity, joinedPaths(load), 'query', load.take === 1 ? 'findOne' : 'find'),
  };
}

function existsAdvice(filters: readonly JoinRecord[]): Finding['advice'] {
  const names = filters.map((join) => `${join.entity}.${join.relation}`).join(', ');
  return {
    text: `${names} is joined for filtering only, and multiplies rows all the same: write it as EXISTS (subquery).`,
  };
}
