import { entityOf } from '../../record/relation-of.js';
import type { SchemaModel } from '../../record/schema-model.js';
import { childKey, keysName, readKey, type ChildKey } from '../advice/child-key.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Advice, Finding } from '../finding.js';
import { isRepeated } from '../is-repeated.js';
import { makeFinding } from '../make-finding.js';
import { repositoryOf, variableOf } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';
import type { RepeatedLoad } from '../repeated-load.js';

/** A count or existence test for each row of a list. Rulings: RULINGS.md, "count-per-row". */
export const detectCountPerRow: Detector = (unit, thresholds) =>
  unit.repeatedLoads
    .filter((repeated) => repeated.isCount && isRepeated(repeated, thresholds))
    .map((repeated) => finding(repeated, unit));

function finding(repeated: RepeatedLoad, unit: AnalysedUnit): Finding {
  const [first] = repeated.loads as [RelationLoad];
  const isExists = repeated.queries[0]?.statement.isExists === true;
  const word = isExists ? 'existence test' : 'count';
  return makeFinding(unit, {
    kind: 'count-per-row',
    severity: 'warning',
    title: `${repeated.relation}: one ${word} per row`,
    relation: repeated.relation,
    queries: repeated.queries,
    callSites: repeated.callSites,
    evidence: {
      text: `${repeated.queries.length} ${word}s with ${repeated.distinct} different values, for the rows of one list.`,
      facts: {
        statements: repeated.queries.length,
        distinctKeys: repeated.distinct,
        isExists,
        strategy: repeated.strategy,
      },
    },
    advice: adviceFor(first, unit.schemas.get(first.dataSource), isExists),
  });
}

function adviceFor(load: RelationLoad, schema: SchemaModel | undefined, isExists: boolean): Advice {
  const key = childKey(load, schema);
  const conditions = load.isFiltered === true ? ' Keep the further conditions in its WHERE.' : '';
  const text = isExists
    ? 'Ask once for all rows: EXISTS as a condition of the list itself, or one query for the keys that have rows.'
    : 'Count for all rows at once with GROUP BY, then pick the counts by key: Number(count), and 0 for keys without a row.';
  if (key === undefined) return { text };
  const isSorted = entityOf(schema, key.target)?.isSorted === true;
  return { text: text + conditions, code: groupedCode(key, isExists, isSorted) };
}

/** A foreign key without a property of its own is named through its relation, which must be joined. */
function groupedCode(key: ChildKey, isExists: boolean, isSorted: boolean): string {
  const alias = variableOf(key.target);
  const isJoined = key.within !== undefined;
  const column = isJoined ? `parent.${key.within}` : readKey(alias, key);
  return [
    repositoryOf(key.target),
    `  .createQueryBuilder('${alias}')`,
    ...(isJoined ? [`  .innerJoin('${alias}.${key.property}', 'parent')`] : []),
    `  .select('${column}', 'key')`,
    ...(isExists ? [] : [`  .addSelect('COUNT(*)', 'count')`]),
    `  .where('${column} IN (:...keys)', { keys: ${keysName(key)} })`,
    `  .groupBy('${column}')`,
    // The order of the class is by columns that are no longer there.
    ...(isSorted ? [`  .orderBy('${column}')`] : []),
    '  .getRawMany()',
  ].join('\n');
}
