import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { repeatedLoadAdvice } from '../repeated-load-advice.js';
import type { RepeatedLoad } from '../repeated-load.js';
import type { Thresholds } from '../thresholds.js';
import { isRepeated } from '../is-repeated.js';

/**
 * One relation loaded parent by parent: the same statement with different values, for the entities of one list.
 * Rulings: RULINGS.md, "n-plus-one".
 */
export const detectNPlusOne: Detector = (unit, thresholds) => {
  // Where a loop fetches what had come with the parents already, double-load says more.
  const double = new Set(unit.doubleLoads.flatMap(({ again }) => again));
  return unit.repeatedLoads
    .filter(
      (repeated) =>
        !repeated.isCount &&
        isRepeated(repeated, thresholds) &&
        !repeated.loads.some((load) => double.has(load)),
    )
    .map((repeated) =>
      repeated.relation.endsWith(' tree')
        ? treeFinding(repeated, unit, thresholds)
        : finding(repeated, unit, thresholds),
    );
};

function finding(repeated: RepeatedLoad, unit: AnalysedUnit, thresholds: Thresholds): Finding {
  const { relation, distinct, depth } = repeated;
  const statements = repeated.loads.length;
  return makeFinding(unit, {
    kind: 'n-plus-one',
    severity: 'warning',
    title: `${relation} was loaded ${statements} times, parent by parent`,
    relation,
    queries: repeated.queries,
    callSites: repeated.callSites,
    evidence: {
      text: `${keys(statements, distinct)}, ${parents(repeated, unit)}${levels(depth)}${shapes(repeated)}.`,
      facts: {
        statements,
        distinctKeys: distinct,
        depth,
        strategy: repeated.strategy,
        ...(repeated.loads[0]?.fieldPath === undefined ? {} : { fieldPath: repeated.loads[0].fieldPath }),
      },
    },
    advice: repeatedLoadAdvice(repeated, unit, thresholds),
  });
}

function treeFinding(repeated: RepeatedLoad, unit: AnalysedUnit, thresholds: Thresholds): Finding {
  const entity = repeated.relation.slice(0, -' tree'.length);
  return makeFinding(unit, {
    kind: 'n-plus-one',
    severity: 'info',
    title: `findTrees() of ${entity} reads every root's descendants with a statement of its own`,
    relation: repeated.relation,
    queries: repeated.queries,
    callSites: repeated.callSites,
    evidence: {
      text: `${repeated.loads.length} statements, one per root. TypeORM's tree repositories always do this.`,
      facts: { statements: repeated.loads.length, distinctKeys: repeated.distinct },
    },
    advice: repeatedLoadAdvice(repeated, unit, thresholds),
  });
}

function keys(statements: number, distinct: number): string {
  return statements === distinct
    ? `${statements} statements with different values`
    : `${statements} statements, ${distinct} distinct keys`;
}

function parents(repeated: RepeatedLoad, unit: AnalysedUnit): string {
  const sizes = repeated.batches.map((batch) => unit.batches.size(batch));
  const known = sizes.reduce((sum, size) => sum + size, 0);
  if (repeated.batches.length > 1) return `for parents from ${repeated.batches.length} lists of one place`;
  return known >= 2 ? `for ${known} parents that came from one list` : 'for rows that came from one list';
}

function levels(depth: number): string {
  return depth === 0 ? '' : `, ${depth + 1} levels deep`;
}

/** A repeated call with the `query` strategy repeats the statements of its relations too: one cause, several shapes. */
function shapes(repeated: RepeatedLoad): string {
  const count = new Set(repeated.queries.map(({ statement }) => statement.fingerprint)).size;
  return count <= 1 ? '' : `, ${repeated.queries.length} statements of ${count} shapes in all`;
}
